"""Every page, one folder for each kind of visitor."""
