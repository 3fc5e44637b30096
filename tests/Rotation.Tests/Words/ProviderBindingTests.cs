using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Words;

/// <summary>Settings that are held in short are the same settings.</summary>
public sealed class ProviderBindingTests
{
    private static readonly ProviderBinding s_binding = new("kind", new JsonObject
    {
        ["text"] = "a \"quoted\" \\ {value} é 漢 \u0001 <script>&'+",
        ["none"] = null,
        ["number"] = 4_000_000_000,
        ["flag"] = true,
        ["list"] = new JsonArray("a", new JsonObject { ["deep"] = "b" }),
        ["map"] = new JsonObject { ["KEY \n of odd characters"] = "{primary}" },
    });

    [Fact]
    public void They_are_the_same_however_they_are_held()
    {
        var inShort = s_binding.InShort();

        Assert.True(JsonNode.DeepEquals(s_binding.Settings, inShort.Settings));
        Assert.Equal(s_binding.Settings.Select(one => one.Key), inShort.Settings.Select(one => one.Key));
        Assert.Equal(4_000_000_000, (long?)inShort.Settings["number"]);
        Assert.Equal(JsonSerializer.Serialize(s_binding), JsonSerializer.Serialize(inShort));
        Assert.Same(inShort, inShort.InShort());
    }

    [Fact]
    public void Each_has_its_own_though_many_are_asked_in_turn()
    {
        var bindings = Enumerable.Range(0, 5)
            .Select(number => new ProviderBinding("kind", new JsonObject { ["n"] = number }).InShort()).ToList();

        Assert.Equal([0, 1, 2, 3, 4, 0, 0], new[] { 0, 1, 2, 3, 4, 0, 0 }.Select(place => (int?)bindings[place].Settings["n"]));
    }

    [Fact]
    public void Those_that_are_held_alike_are_told_apart()
    {
        ProviderBinding? last = null;
        for (var number = 0; number < 300; number++)
        {
            var settings = new JsonObject
            {
                ["path"] = $"/opt/apps/{number * 7 % 100}.env", ["keys"] = new JsonObject { ["KEY"] = "{value}" },
            };
            if (number % 50 == 0)
            {
                settings["mode"] = "quite another one than the others";
            }

            last = new ProviderBinding("file", settings).InShort(last);

            Assert.True(JsonNode.DeepEquals(settings, last.Settings));
        }
    }

    [Fact]
    public void What_the_ledger_keeps_of_a_policy_can_be_read_again()
    {
        var policy = new Policy { Name = "a", Strategy = Strategy.Overlap, Provider = s_binding.InShort() };

        var kept = KeptPolicy.Of(new KeptPolicy(policy, null).ToText())!;

        Assert.Equal("kind", kept.Policy.Provider.Type);
        Assert.True(JsonNode.DeepEquals(s_binding.Settings, kept.Policy.Provider.Settings));
    }
}
