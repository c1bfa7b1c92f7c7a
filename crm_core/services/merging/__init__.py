"""Duplicates: which records may be the same, what making one of them gives, and what was made one.

Merging itself is a change set like any other (crm_core.services.records.merges).
"""
