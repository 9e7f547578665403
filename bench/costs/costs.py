"""What the bot and the whitelist cost a month: what they ask of AWS, counted on an emulator, times AWS's prices.

    costs.py --programs DIR [--minutes N]

DIR has the built programs: `countersign` (with the feature `dynamodb`), `ip-whitelist-manager`, `slack-emulator`.
Runs with a Python that has moto.
"""

import argparse
from pathlib import Path

import bot
import whitelist
from counted import Counted

HOURS, MINUTES = 730, 43_800
# us-east-1, in dollars (AWS's price lists, November 2026).
READ, WRITE = 0.125e-6, 0.625e-6
LAMBDA_CALL, LAMBDA_GB_SECOND = 0.20e-6, 0.0000133334
LOG_GB = 0.50
# What a call of the Lambda takes on AWS was not measured: ten times the emulator's answer.
CALL_SECONDS, LAMBDA_GB = 0.1, 128 / 1024
ROWS_A_MONTH, COMMANDS_A_MONTH = 200, 1_000


def table(rows):
    print("| what | requests to DynamoDB and EC2 | units of reading | of writing | log, bytes |")
    print("|---|---|---:|---:|---:|")
    for name, requests, reads, writes, log in rows:
        asked = ", ".join(f"{count:g} {one}" for one, count in sorted(requests.items()))
        print(f"| {name} | {asked} | {reads:g} | {writes:g} | {log:.0f} |")


def of(row):
    """Dollars for DynamoDB, and for the log."""
    _, _, reads, writes, log = row
    return reads * READ + writes * WRITE, log / 1e9 * LOG_GB


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--minutes", type=float, default=3)
    options = parser.parse_args()
    programs = Path(options.programs).absolute()
    aws = Counted()

    rows = whitelist.measure(aws, programs)
    table(rows)
    times = [MINUTES, HOURS, ROWS_A_MONTH, ROWS_A_MONTH]
    calls = sum(times)
    dynamodb = sum(of(row)[0] * count for row, count in zip(rows, times, strict=True))
    logs = sum(of(row)[1] * count for row, count in zip(rows, times, strict=True))
    # Lambda itself writes three lines for each call, of 300 bytes together.
    logs += calls * 300 / 1e9 * LOG_GB
    function = calls * (LAMBDA_CALL + CALL_SECONDS * LAMBDA_GB * LAMBDA_GB_SECOND)
    print(f"\nthe whitelist, {ROWS_A_MONTH} rows that come and go: DynamoDB ${dynamodb:.3f}, Lambda ${function:.3f},", end=" ")
    print(f"logs ${logs:.3f}; altogether ${dynamodb + function + logs:.2f} a month\n")

    rows, memory, cpu = bot.measure(aws, programs, options.minutes)
    table(rows)
    silence, command = of(rows[0]), of(rows[1])
    dynamodb = silence[0] * HOURS + command[0] * COMMANDS_A_MONTH
    logs = silence[1] * HOURS + command[1] * COMMANDS_A_MONTH
    print(f"\nthe bot, {COMMANDS_A_MONTH} commands: DynamoDB ${dynamodb:.2f}, logs ${logs:.3f} a month;", end=" ")
    print(f"resident {memory / 1e6:.0f} MB, {cpu * 100:.2f} % of a core while nobody speaks")


if __name__ == "__main__":
    main()
