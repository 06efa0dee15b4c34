"""What every page wears: layouts, components, form fields, icons. Knows nothing of families or care."""
