"""The commented ``corpus.toml`` that a person fills in."""

from typing import Final

TEMPLATE: Final = """\
# What only a person can say of a corpus; for signals-agent corpus --facts.
# Every line may stay away. What is not said stays open in the checklist.

# What the corpus is called, in file names and in sentences.
# name = "ponds-2026"
# title = "Ponds: a corpus of pond writing"
# description = "Pages on ponds, crawled in November 2026."
# version = "1.0"
# url = "https://you.example/ponds"
# doi = "10.1234/ponds"
# released = 2026-12-01
# language = ["en"]
# licence = "CC-BY-SA-4.0"          # under which the corpus itself goes out

# What is planned: research-internal, publish-metrics, mirror, redistribute-modified,
# release-weights, commercial-product, publish-samples, publish-adapted-samples,
# merge-checkpoints, share-for-review.
# activities = ["research-internal", "publish-metrics"]

# Who may have it: private, on-request or public.
# access = "private"

# Who made it; once for each.
# [[creator]]
# name = "Ann Ponds"
# affiliation = "University of Ponds"
# orcid = "0000-0001-2345-6789"
# url = "https://you.example/ann"

# Your means, for contributions in good faith. No price is computed for anyone.
# [means]
# stated = "a university group of four, no revenue"
# ceiling = "EUR 500"
# period = "2026"

# What nobody can compute. Each answer says who settled it, when, and what shows it.
# [checklist]
# audited_again_by = 2027-06-01
# [checklist.legal_review]
# by = "Bo Waters, counsel"
# on = 2026-11-20
# evidence = "https://you.example/review.pdf"
# The others: licence_text_confirmed, publisher_faq_recorded, research_only_documented,
# nd_stored_apart, redistribution_ruled_out, checkpoint_policy_stated, attribution_templates,
# access_control.
"""
