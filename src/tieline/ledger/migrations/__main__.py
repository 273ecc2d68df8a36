"""Write the migration that a change of `models.py` needs: `python -m tieline.ledger.migrations`."""

from tieline.ledger.database import prepare_django


def main() -> None:
    """Write it beside this file."""
    prepare_django()
    from django.core.management import call_command

    call_command("makemigrations", "ledger")


if __name__ == "__main__":
    main()
