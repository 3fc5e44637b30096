using System.CommandLine;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>Moves a ledger, with every rotation under way, to another head or database; see docs/moving.md.</summary>
internal static class MoveCommands
{
    public static Command Export(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Made by this; must not be there yet." };
        var command = new Command(
            "export",
            "Write the ledger to a file and close it here, so that another head goes on. The server has to be stopped.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var taken = await TakeAsync(parsed, cancellationToken);
            using var ledger = await CommonOptions.OpenLedgerAsync(parsed, cancellationToken);
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            var move = await ExportAsync(ledger, path, cancellationToken);
            await TellAsync(terminal, ledger, move, cancellationToken);
            await terminal.Plain.WriteLineAsync($"{path}: {move.Rows} rows. This ledger is closed now: no head writes to it any more.");
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command Import(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Made by 'rotunda export'." };
        var command = new Command("import", "Take an exported ledger into an empty one: a new data directory, or --ledger.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var taken = await TakeAsync(parsed, cancellationToken);
            using var ledger = await TargetAsync(parsed, cancellationToken);
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            var move = await ImportAsync(ledger, path, cancellationToken);
            await TellAsync(terminal, ledger, move, cancellationToken);
            await terminal.Plain.WriteLineAsync(
                $"{move.Rows} rows imported, the audit's chain is whole. A head that starts on this ledger goes on with the "
                    + "rotations above.");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>No server may work on the data directory meanwhile. A ledger on PostgreSQL needs no such care: its gate closes
    /// for all.</summary>
    private static async Task<DataDirectory?> TakeAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        await CommonOptions.LedgerAsync(parsed, cancellationToken) is null
            ? DataDirectory.Take(parsed.GetValue(CommonOptions.Data)!)
            : null;

    private static async Task<SqlLedger> TargetAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var data = DataDirectory.Look(parsed.GetValue(CommonOptions.Data)!);
        var postgres = await CommonOptions.LedgerAsync(parsed, cancellationToken);
        return postgres is null && File.Exists(data.HubFile)
            ? throw new CommandException(
                ExitCodes.CannotWork,
                $"{data.Path} has a hub with orchestrations of its own. Import into a new data directory, and copy secrets.db and "
                    + "master.key into it (docs/moving.md).")
            : Parts.OpenLedger(data, postgres);
    }

    private static async Task<LedgerMove> ExportAsync(SqlLedger ledger, string path, CancellationToken cancellationToken)
    {
        await using var stream = PrivateFile.Create(path);
        try
        {
            return await ledger.ExportAsync(stream, path, Environment.UserName, cancellationToken);
        }
        catch (LedgerUnavailableException problem)
        {
            // Perhaps the mark was set and only the answer was lost: then the file is the only way on, so it stays.
            throw new CommandException(
                ExitCodes.CannotWork,
                $"{problem.Message} If 'rotunda ledger check' says that the ledger was moved, {path} is complete; else delete it and "
                    + "export again.");
        }
    }

    private static async Task<LedgerMove> ImportAsync(SqlLedger ledger, string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            return await ledger.ImportAsync(stream, path, Environment.UserName, cancellationToken);
        }
        catch (LedgerImportException problem)
        {
            throw new CommandException(ExitCodes.CannotWork, problem.Message);
        }
    }

    private static async Task TellAsync(Terminal terminal, SqlLedger ledger, LedgerMove move, CancellationToken cancellationToken)
    {
        foreach (var rotation in move.Open)
        {
            var resume = (await TrailAsync(ledger, rotation.Id, cancellationToken)).InputFor(rotation.Plan).Resume;
            await terminal.Plain.WriteLineAsync($"under way: {rotation.Id}: {Where(rotation, resume)}");
        }

        if (move.Stores.Count > 0)
        {
            await terminal.Plain.WriteLineAsync(
                $"values are in: {string.Join(", ", move.Stores)}. They are not in the file: the other head needs these stores under "
                    + "the same names.");
        }
    }

    private static string Where(RotationRecord rotation, ResumePoint? resume)
    {
        if (resume is null)
        {
            return "not begun";
        }

        var step = resume.Position < rotation.Plan.Steps.Count ? rotation.Plan.Steps[resume.Position].Title : "its end";
        return resume switch
        {
            { Stuck: { } why } => $"stuck: {why}",
            { Ending: not null } => "rolling back",
            { Until: { } until } => $"{step}, until {until:u}",
            _ => $"goes on at step {resume.Position + 1} of {rotation.Plan.Steps.Count}: {step}",
        };
    }

    private static async Task<RotationTrail> TrailAsync(SqlLedger ledger, string rotationId, CancellationToken cancellationToken) =>
        RotationTrail.Of(await ledger.ReadAuditAsync(new AuditFilter(RotationId: rotationId, Limit: int.MaxValue), cancellationToken));
}
