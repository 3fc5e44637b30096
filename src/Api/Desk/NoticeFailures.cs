using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Orchestration;
using Rotunda.Interpreter;

namespace Rotunda.Api.Desk;

/// <summary>What the doctor says of channels: what is not delivered now, and what was given up in the last day.</summary>
public sealed class NoticeFailures(IOrchestrationClient client, TimeProvider time)
{
    private const int PageSize = 200;
    private static readonly TimeSpan ShownFor = TimeSpan.FromDays(1);
    private static readonly OrchestrationStatus[] s_looked = [OrchestrationStatus.Running, OrchestrationStatus.Failed];

    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(CancellationToken cancellationToken)
    {
        var (trying, lost) = (new List<NoticeStatus>(), new List<string>());
        string? token = null;
        do
        {
            var page = await client.QueryAsync(
                new OrchestrationQuery(s_looked, NoticeNames.InstancePrefix, PageSize, token), cancellationToken);
            trying.AddRange(page.Instances.Where(one => !one.HasEnded).Select(one => StatusOf(one.CustomStatus)).OfType<NoticeStatus>());
            lost.AddRange(page.Instances.Where(one => one.HasEnded && time.GetUtcNow() - one.LastUpdatedAt < ShownFor)
                .Select(one => one.Failure?.Message).OfType<string>());
            token = page.ContinuationToken;
        }
        while (token is not null);
        return
        [
            .. trying.GroupBy(status => status.Channel, StringComparer.Ordinal).Select(channel => new DoctorFinding(
                FindingLevel.Warning, "notices", null, channel.Key,
                $"{Count(channel.Count())} not sent yet, and tried again for a day: {channel.Last().Reason} When it is mended: rotunda "
                    + $"notify test {channel.Key}")),
            .. lost.GroupBy(message => message.Split(':')[0], StringComparer.Ordinal).Select(channel => new DoctorFinding(
                FindingLevel.Problem, "notices", null, channel.Key,
                $"{Count(channel.Count())} given up after a day of attempts. {channel.Last()} The audit has them (notice.given-up).")),
        ];
    }

    private static string Count(int count) => count == 1 ? "1 notice is" : $"{count} notices are";

    private static NoticeStatus? StatusOf(string? custom)
    {
        try
        {
            return custom is null ? null : JsonSerializer.Deserialize(custom, RotationJson.Default.NoticeStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
