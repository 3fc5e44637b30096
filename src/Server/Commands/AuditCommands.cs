using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Server.Commands;

/// <summary>These read the ledger itself, beside a running server or without one.</summary>
internal static class AuditCommands
{
    private const int Page = 1_000;

    public static Command Create(Terminal terminal) =>
        new("audit", "Read the audit over HTTP; prove or export it from the ledger itself.")
        {
            List(terminal), Verify(terminal), Export(terminal),
        };

    private static Command List(Terminal terminal)
    {
        var secret = new Option<string?>("--secret") { Description = "Only rows of this secret." };
        var rotation = new Option<string?>("--rotation") { Description = "Only rows of this rotation." };
        var after = new Option<long>("--after") { Description = "Only rows behind this sequence number." };
        var command = new Command("list", "Show the audit's rows, oldest first, from a server.") { secret, rotation, after };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var query = (parsed.GetValue(secret) is { } s ? $"&secret={Uri.EscapeDataString(s)}" : "")
                + (parsed.GetValue(rotation) is { } r ? $"&rotation={Uri.EscapeDataString(r)}" : "");
            var shown = 0;
            for (long? next = parsed.GetValue(after); next is { } from;)
            {
                var page = await client.GetAsync(
                    $"api/audit?after={from}&limit={Page}{query}", ApiJson.Default.AuditPage, cancellationToken);
                foreach (var row in page.Rows)
                {
                    await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                        ? JsonSerializer.Serialize(row, CliJson.Readable.AuditRowView)
                        : $"{row.Sequence} {row.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} {row.Actor} {row.Action} "
                            + $"{row.RotationId ?? row.Secret ?? "-"} {row.Detail}");
                }

                (next, shown) = (page.Next, shown + page.Rows.Count);
            }

            if (shown == 0)
            {
                // To the errors, so that what reads the rows reads none.
                await terminal.Errors.WriteLineAsync("There are no such rows. See all with: rotunda audit list");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Verify(Terminal terminal)
    {
        var command = new Command("verify", "Recompute the chain of hashes. Exit code 1 if a row was changed, added or taken away.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var ledger = await CommonOptions.OpenLedgerAsync(parsed, cancellationToken);
            var result = await ledger.VerifyAuditAsync(cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(result, CliJson.Default.AuditVerification));
            }
            else
            {
                await terminal.Plain.WriteLineAsync(result.Intact
                    ? $"intact: {result.Rows} rows, head {result.HeadHash}"
                    : $"BROKEN at row {result.BrokenAt}: {result.Problem}");
            }

            return result.Intact ? ExitCodes.Ok : ExitCodes.BadNews;
        });
        return command;
    }

    private static Command Export(Terminal terminal)
    {
        var command = new Command("export", "Write all rows, one JSON object per line.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var ledger = await CommonOptions.OpenLedgerAsync(parsed, cancellationToken);
            long after = 0;
            while (true)
            {
                var rows = await ledger.ReadAuditAsync(new AuditFilter(after, Limit: Page), cancellationToken);
                foreach (var row in rows)
                {
                    await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(row, CliJson.Readable.AuditRow));
                }

                if (rows.Count == 0)
                {
                    return ExitCodes.Ok;
                }

                after = rows[^1].Sequence;
            }
        });
        return command;
    }
}
