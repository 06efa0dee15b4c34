"""What other systems may ask of us and send us, one file for each standard."""
