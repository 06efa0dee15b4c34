"""Pages of people who work with families: my work, the inbox, a family, a handover, the team."""
