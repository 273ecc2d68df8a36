"""A seeded, believable B2B market and the dirty lists it leaves behind, with the truth beside."""
