"""What an operator does on the machine itself, straight on the database: the first user, a token, a sign-in link.

`python -m daemons.api.accounts.operator_command add-user EMAIL [--admin] [--token NAME]` prints the address, or the
token that it made; `create-token EMAIL --name NAME` the token, `sign-in-link EMAIL` the link: a line each.
`pagewright-operator` runs it with the api's settings.
"""

# it is only ever started with `-m`, which does not put this folder on the path

import argparse
import asyncio

from daemons.api.accounts.accounts import Accounts
from daemons.api.accounts.audit import AuditTrail
from daemons.api.accounts.credentials import Credentials
from daemons.api.database.connection import open_database
from shared.runtime.command import carry_out
from shared.runtime.service import load_settings
from shared.runtime.settings import ApiSettings

_ACTOR = "operator"


def main() -> None:
    """Carry one command out; exits 1 with a sentence if it can't be done, 2 if it is no command."""
    arguments = _parser().parse_args()
    settings = load_settings(ApiSettings)
    carry_out(lambda: asyncio.run(_carry_out(arguments, settings)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pagewright-operator", description="Users on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    add_user = commands.add_parser("add-user", help="Add a user.")
    add_user.add_argument("--admin", action="store_true", help="May see everything and add users.")
    add_user.add_argument("--token", metavar="NAME", help="Create an API token for this, too, and print it.")
    create_token = commands.add_parser("create-token", help="Create an API token.")
    create_token.add_argument("--name", required=True, help="What the token is for.")
    sign_in_link = commands.add_parser("sign-in-link", help="Make a link that signs in once, within 24 hours.")
    for command in (add_user, create_token, sign_in_link):
        command.add_argument("email", help="The user's e-mail address.")
    return parser


async def _carry_out(arguments: argparse.Namespace, settings: ApiSettings) -> str:
    async with open_database(settings.api_database_url.get_secret_value()) as database:
        credentials = Credentials(database)
        accounts = Accounts(database, credentials, settings.api_public_url)
        if arguments.command == "add-user":
            account = await accounts.add(arguments.email, admin=arguments.admin, by=_ACTOR)
            if not arguments.token:
                return account.email
            return (await credentials.create_token(account.id, arguments.token, by=_ACTOR)).token
        account = await accounts.by_email(arguments.email)
        if arguments.command == "create-token":
            return (await credentials.create_token(account.id, arguments.name, by=_ACTOR)).token
        await AuditTrail(database).record(_ACTOR, "user.sign-in-link", email=account.email)
        return await accounts.create_sign_in_link(account)


if __name__ == "__main__":
    main()
