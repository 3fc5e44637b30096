using System.CommandLine;
using Rotunda.Ledger.Postgres;

namespace Rotunda.Server.Commands;

/// <summary>For who runs the ledger's database; see docs/ledger.md.</summary>
internal static class LedgerCommands
{
    public static Command Create(Terminal terminal) =>
        new("ledger", "Make, upgrade and check the ledger on PostgreSQL.") { Migrate(terminal), Check(terminal), Reopen(terminal) };

    private static Command Migrate(Terminal terminal)
    {
        var grant = new Option<string[]>("--grant")
        {
            Description = "A role that heads log in as: gets the rights it needs. Can be repeated.",
            HelpName = "ROLE",
        };
        var command =
            new Command("migrate", "Bring the schema to this release's version, with its owner's login. Can be repeated.") { grant };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = await CommonOptions.LedgerAsync(parsed, cancellationToken)
                ?? throw new CommandException(
                    ExitCodes.CannotWork,
                    "Say where the ledger is with --ledger or ROTUNDA_LEDGER. A ledger in a data directory is upgraded by the server's "
                        + "start.");
            var roles = parsed.GetValue(grant) ?? [];
            var done = await PostgresLedgerSchema.MigrateAsync(options, roles, TimeProvider.System, cancellationToken);
            await terminal.Plain.WriteLineAsync(done.From == done.To
                ? $"schema {done.Schema} at {done.Address}: version {done.To} already"
                : $"schema {done.Schema} at {done.Address}: version {done.From} -> {done.To}");
            foreach (var role in roles)
            {
                await terminal.Plain.WriteLineAsync($"granted to {role}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var command = new Command("check", "Prove that the ledger can be written with this login: version, rights, space.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var ledger = await CommonOptions.OpenLedgerAsync(parsed, cancellationToken);
            await ledger.CheckAsync(cancellationToken);
            await terminal.Plain.WriteLineAsync("ok: the ledger can be written");
            if (ledger is PostgresLedger postgres && await postgres.MayChangeAuditAsync(cancellationToken))
            {
                await terminal.Plain.WriteLineAsync(
                    "note: this login could take away what keeps the audit append-only. Let the heads use one with fewer rights (rotunda "
                        + "ledger migrate --grant ROLE).");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Reopen(Terminal terminal)
    {
        var reason = new Option<string>("--reason")
        {
            Description = "How you know that nothing else acts on these secrets. Goes on record.",
            Required = true,
        };
        var command = new Command(
            "reopen",
            "Use a ledger again that was exported, or that another head had. Two heads must never act on the same secrets.") { reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var ledger = await CommonOptions.OpenLedgerAsync(parsed, cancellationToken);
            await ledger.ReopenAsync(Environment.UserName, parsed.GetValue(reason)!, cancellationToken);
            await terminal.Plain.WriteLineAsync("open");
            return ExitCodes.Ok;
        });
        return command;
    }
}
