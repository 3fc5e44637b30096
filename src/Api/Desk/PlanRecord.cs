using System.Text.Json;
using Rotunda.Ledger;

namespace Rotunda.Api.Desk;

/// <summary>What the audit says of the plan of a rotation.</summary>
internal static class PlanRecord
{
    /// <summary>The hash of the frozen plan; null if the row is not there.</summary>
    public static string? HashOf(IReadOnlyList<AuditRow> audit)
    {
        if (audit.FirstOrDefault(row => row.Action == AuditActions.RotationPlanned)?.Detail is not { } text)
        {
            return null;
        }

        using var detail = JsonDocument.Parse(text);
        return detail.RootElement.TryGetProperty("planHash", out var hash) ? hash.GetString() : null;
    }
}
