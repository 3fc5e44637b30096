using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Bench.Emergency;

/// <summary>Secrets of one vendor.</summary>
internal static class Policies
{
    public static string Queued(int number) => string.Create(CultureInfo.InvariantCulture, $"queued-{number:D5}");

    public static string Urgent(int number) => string.Create(CultureInfo.InvariantCulture, $"urgent-{number:D5}");

    public static Policy Of(string name, string vendor) => new()
    {
        Name = name,
        Strategy = Strategy.Overlap,
        Provider = new ProviderBinding("rest", new JsonObject
        {
            ["url"] = $"{vendor}/{name}",
            ["token"] = "env:TOKEN",
            ["issue"] = new JsonObject { ["path"] = "keys?name={label}", ["id"] = "/id", ["value"] = "/secret" },
            ["list"] = new JsonObject { ["path"] = "keys", ["id"] = "/id", ["label"] = "/name" },
            ["revoke"] = new JsonObject { ["path"] = "keys/{id}" },
        }),
        Current = new CurrentCredential("old", null),
        Interval = TimeSpan.FromDays(30),
    };
}
