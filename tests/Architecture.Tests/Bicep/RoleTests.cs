using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>The table of roles in docs/azure.md is the roles that a deployment assigns.</summary>
public sealed partial class RoleTests
{
    private const string AssignmentType = "Microsoft.Authorization/roleAssignments";

    /// <summary>Azure's built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles.</summary>
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
    };

    [BicepFact]
    public async Task The_table_in_the_docs_is_what_is_assigned()
    {
        var assigned = (await AssignmentsAsync()).Select(Row).Distinct(StringComparer.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "azure.md"), TestContext.Current.CancellationToken);
        var told = TableRow().Matches(page).Select(m => $"{m.Groups["who"].Value} | {m.Groups["role"].Value} | {m.Groups["scope"].Value}");

        Assert.Equal(assigned.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// A name that is worked out anew each time would be a new assignment each time, and a name that two share would be one assignment.
    /// So it is known before anything is there, is the same whatever the task hub, and belongs to one scope, principal and role.
    /// </summary>
    [BicepFact]
    public async Task An_assignment_has_a_name_of_its_own_that_stays()
    {
        var infrastructure = await Infrastructure.CompiledAsync();
        Assert.All(await AssignmentsAsync(), a => Assert.True(Guid.TryParse(a.Name, out _), a.Name));

        var both = infrastructure.Prod.Of(AssignmentType).Concat(infrastructure.Scheduler.Of(AssignmentType)).ToList();
        Assert.Equal(
            both.Select(Row).Distinct(StringComparer.Ordinal).Count(),
            both.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [BicepFact]
    public async Task No_role_is_assigned_to_the_resource_group_or_wider() =>
        Assert.All(await AssignmentsAsync(), a => Assert.Matches(OneResource(), a.Scope()));

    private static async Task<List<AzureResource>> AssignmentsAsync() =>
        [.. (await Infrastructure.CompiledAsync()).Deployments.SelectMany(d => d.Of(AssignmentType))];

    /// <summary>As the docs have it: who, which role, and the resource, cut off where the names of a deployment begin.</summary>
    private static string Row(AzureResource assignment)
    {
        var role = assignment["properties", "roleDefinitionId"].GetString()!.Split('/')[^1];
        var names = assignment.Scope().Split("/providers/")[^1].Split('/');
        var account = NameStart().Match(names[2]).Value + "…";
        return $"{Who(assignment)} | {s_names[role]} | {(names.Length == 3 ? account : $"{account}/{names[^1]}")}";
    }

    private static string Who(AzureResource assignment) => assignment["properties", "principalId"].GetString()! switch
    {
        BicepCompiler.CatalogGroup => "the group of `catalogPublishersGroupId`",
        var principal when principal.Contains("/userAssignedIdentities/id-rotunda-", StringComparison.Ordinal) => "function app",
        var principal when principal.Contains("/systemTopics/evgt-rotunda-", StringComparison.Ordinal) => "Event Grid's system topic",
        var principal => throw new InvalidDataException($"{principal} is nobody whom the docs know."),
    };

    [GeneratedRegex(
        @"^\| (?<who>[^|]+) \| (?<role>[^|]+) \| `(?<scope>[\w…/-]+)`[^|]* \| [^|]+ \|$",
        RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableRow();

    [GeneratedRegex("^(sthost|stcat|[a-z]+-)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameStart();

    [GeneratedRegex(
        @"^/subscriptions/[^/]+/resourceGroups/rg/providers/Microsoft\.\w+(/\w+/[^/]+)+$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneResource();
}
