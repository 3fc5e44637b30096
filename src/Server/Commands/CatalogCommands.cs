using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Head;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

internal static class CatalogCommands
{
    public static Command Create(Terminal terminal) =>
        new("catalog", "Work on the catalog, without a server.") { Validate(terminal), Schema(terminal) };

    private static Command Validate(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The catalog's file.",
            DefaultValueFactory = _ => CommonOptions.FromEnvironment("ROTUNDA_CATALOG") ?? ServeCommand.DefaultCatalog,
        };
        var azure = new Option<bool>("--azure")
        {
            Description = "Check it for the head in Azure: the store that comes with it is key-vault, and there is no embedded one.",
        };
        var command = new Command("validate", "Check a catalog and tell all that is wrong with it.") { file, azure };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reading = Parts.ReadCatalog(parsed.GetValue(file)!, parsed.GetValue(azure) ? HeadParts.Stores : Parts.Stores);
            if (parsed.GetValue(CommonOptions.Json))
            {
                var view = new CatalogCheckView(
                    reading.Catalog is not null,
                    reading.Catalog?.Policies.Count,
                    reading.Catalog?.Hash,
                    reading.Problems);
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(view, CliJson.Default.CatalogCheckView));
            }
            else if (reading.Catalog is { } catalog)
            {
                await terminal.Plain.WriteLineAsync(
                    $"{parsed.GetValue(file)}: valid, {catalog.Policies.Count} secrets, hash {catalog.Hash}");
            }
            else
            {
                foreach (var problem in reading.Problems)
                {
                    await terminal.Errors.WriteLineAsync(problem);
                }
            }

            return reading.Catalog is null ? ExitCodes.BadNews : ExitCodes.Ok;
        });
        return command;
    }

    private static Command Schema(Terminal terminal)
    {
        var command = new Command("schema", "Write the JSON schema of catalogs, for editors.");
        command.SetAction(async (_, _) =>
        {
            await terminal.Plain.WriteLineAsync(Parts.CatalogSchema());
            return ExitCodes.Ok;
        });
        return command;
    }
}
