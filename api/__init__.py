"""The edge of the CRM: HTTP, the live channel and the command line. Nothing here decides; it asks the core."""
