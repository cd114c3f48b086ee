"""TDM policies: ODRL offers in JSON-LD, in the profile of TDMRep."""
