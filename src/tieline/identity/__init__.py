"""Who is who: accounts, sites, contacts, and the evidence for it."""
