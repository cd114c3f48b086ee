"""Other people's pipelines, made to ask before they fetch and to judge what they have fetched."""
