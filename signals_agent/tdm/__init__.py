"""TDMRep below the family: its site file, and the policies that are named."""
