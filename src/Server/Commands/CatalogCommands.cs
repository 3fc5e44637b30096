using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Head;
using Rotunda.Api.Views;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Catalog;
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
        var live = new Option<bool>("--live")
        {
            Description = "Look also at all that its rotations would touch, as 'rotunda doctor' does, but without a server.",
        };
        var command = new Command("validate", "Check a catalog and tell all that is wrong with it.") { file, azure, live };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reading = Parts.ReadCatalog(parsed.GetValue(file)!, parsed.GetValue(azure) ? HeadParts.Stores : Parts.Stores);
            if (parsed.GetValue(CommonOptions.Json) && (reading.Catalog is null || !parsed.GetValue(live)))
            {
                var view = new CatalogCheckView(
                    reading.Catalog is not null,
                    reading.Catalog?.Policies.Count,
                    reading.Catalog?.Hash,
                    reading.Catalog?.Files.Count,
                    reading.Problems,
                    reading.Warnings);
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(view, CliJson.Default.CatalogCheckView));
            }
            else if (reading.Catalog is { } catalog && !parsed.GetValue(CommonOptions.Json))
            {
                foreach (var warning in reading.Warnings)
                {
                    await terminal.Errors.WriteLineAsync($"warning: {warning}");
                }

                await terminal.Plain.WriteLineAsync(
                    $"{parsed.GetValue(file)}: valid, {Counted.Of(catalog.Policies.Count, "secret")}{InFiles(catalog)}, "
                        + $"hash {catalog.Hash}");
            }
            else
            {
                foreach (var problem in reading.Problems)
                {
                    await terminal.Errors.WriteLineAsync(problem);
                }
            }

            return reading.Catalog is null ? ExitCodes.BadNews
                : parsed.GetValue(live) ? await LookAsync(parsed, reading.Catalog, terminal, cancellationToken)
                : ExitCodes.Ok;
        });
        return command;
    }

    private static string InFiles(RotationCatalog catalog) =>
        catalog.Files.Count > 1 ? $" in {Counted.Of(catalog.Files.Count, "file")}" : "";

    private static async Task<int> LookAsync(
        ParseResult parsed,
        RotationCatalog catalog,
        Terminal terminal,
        CancellationToken cancellationToken)
    {
        // Values that may not be read are not the same as none.
        var data = DataDirectory.Look(parsed.GetValue(CommonOptions.Data)!);
        _ = DataDirectory.Holds(Path.Combine(data.Path, EmbeddedStore.FileName));
        var report = await LiveCheck.RunAsync(catalog, parsed.GetValue(CommonOptions.Data), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(report, ApiJson.Default.DoctorReport));
        }
        else
        {
            DoctorCommand.Show(terminal.Pretty, report);
        }

        return report.Healthy ? ExitCodes.Ok : ExitCodes.BadNews;
    }

    private static Command Schema(Terminal terminal)
    {
        var included = new Option<bool>("--included")
        {
            Description = "That of the files that a catalog includes. It rests on the other one, beside it as rotunda.schema.json.",
        };
        var command = new Command("schema", "Write the JSON schema of catalogs, for editors.") { included };
        command.SetAction(async (parsed, _) =>
        {
            await terminal.Plain.WriteLineAsync(Parts.CatalogSchema(parsed.GetValue(included)));
            return ExitCodes.Ok;
        });
        return command;
    }
}
