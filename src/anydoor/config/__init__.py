"""The top of the house: settings, addresses, the embedded database, jobs and the command line."""
