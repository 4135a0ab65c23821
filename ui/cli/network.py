"""nearmiss network show | set | clear."""

import argparse
from pathlib import Path

from app.errors import InputError
from sync.inspection import describe_issuer, read_issuer
from sync.network import Network, check_proxy, is_fixed, read_network, write_network
from ui.cli.parts import Commands, add_json_option, find_home, print_json, show_plainly


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("network", help="proxy and extra certificates")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    show = actions.add_parser("show", help="how this program reaches the network")
    add_json_option(show)
    show.set_defaults(run=_show)
    change = actions.add_parser("set", help="use a proxy, or certificates besides the system's")
    change.add_argument(
        "--proxy", metavar="ADDRESS", help="http://HOST:PORT or socks5h://HOST:PORT"
    )
    bundle = change.add_mutually_exclusive_group()
    bundle.add_argument("--ca-bundle", metavar="FILE", help="a PEM file that IT gave you")
    bundle.add_argument(
        "--no-ca-bundle", action="store_true", help="only the system's certificates again"
    )
    change.set_defaults(run=_set)
    clear = actions.add_parser("clear", help="directly, with the system's certificates")
    clear.set_defaults(run=_clear)


def _show(args: argparse.Namespace) -> int:
    home = find_home()
    network = read_network(home)
    issuer = read_issuer(home)
    if args.json:
        found = {"proxy": network.proxy, "ca_bundle": network.ca_bundle}
        print_json({**found, "fixed": is_fixed(), "private_issuer": issuer})
        return 0
    print(f"Proxy:              {network.proxy or 'none'}")
    print(f"Extra certificates: {show_plainly(network.ca_bundle) or 'none'}")
    if is_fixed():
        print("Set by this computer's administrator.")
    if issuer:
        print(show_plainly(describe_issuer(issuer)))
    return 0


def _set(args: argparse.Namespace) -> int:
    if args.proxy is None and args.ca_bundle is None and not args.no_ca_bundle:
        raise InputError("Nothing to set.", hint="Give --proxy, --ca-bundle or --no-ca-bundle.")
    home = find_home()
    before = read_network(home)
    proxy = before.proxy if args.proxy is None else check_proxy(args.proxy)
    bundle = "" if args.no_ca_bundle else before.ca_bundle
    if args.ca_bundle is not None:
        bundle = str(Path(args.ca_bundle).absolute())
    write_network(home, Network(proxy, bundle))
    print("The network settings are kept. Try them with: nearmiss archive update")
    return 0


def _clear(_args: argparse.Namespace) -> int:
    write_network(find_home(), Network())
    print("The network settings are as at first: no proxy, the system's certificates.")
    return 0
