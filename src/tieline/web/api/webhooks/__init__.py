"""Webhooks: what each build changed, posted to addresses that an administrator named."""
