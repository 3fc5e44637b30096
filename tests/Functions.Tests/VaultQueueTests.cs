using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Rotunda.Api.Desk;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Functions.Tests;

/// <summary>
/// A message that cannot be worked on is put aside with a log line that an alert looks for: at once if it cannot be read, else after its
/// last attempt.
/// </summary>
public sealed class VaultQueueTests
{
    private const string Event = """
        {"id":"1","topic":"t","subject":"n","eventType":"Microsoft.KeyVault.SecretNearExpiry","eventTime":"2019-07-25T01:08:33Z",
        "metadataVersion":"1","dataVersion":"1","data":{"VaultName":"v","ObjectName":"n","Version":"7","EXP":1893456000}}
        """;

    private static readonly string[] HostFiles = ["host.json", "src/Functions/host.scheduler.json"];

    [Fact]
    public async Task What_cannot_be_read_is_put_aside_at_once()
    {
        var log = new Lines();

        Assert.False(await Queue(log).HandleAsync("{}", attempt: 1, null, TestContext.Current.CancellationToken));

        Assert.Equal((LogLevel.Error, 5031), Assert.Single(log.All));
    }

    [Fact]
    public async Task What_fails_is_tried_again_and_told_at_the_last_attempt()
    {
        var log = new Lines();
        var queue = Queue(log);

        Task TryAsync(int attempt) => queue.HandleAsync(Event, attempt, null, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<IOException>(() => TryAsync(NearExpiryQueue.MaxAttempts - 1));
        Assert.Empty(log.All);
        await Assert.ThrowsAsync<IOException>(() => TryAsync(NearExpiryQueue.MaxAttempts));
        Assert.Equal((LogLevel.Error, 5031), Assert.Single(log.All));
    }

    [Fact]
    public void The_host_tries_as_often_as_the_code_counts_and_hands_messages_on_as_they_came()
    {
        foreach (var file in HostFiles)
        {
            var queues = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, file)))!["extensions"]!["queues"]!;

            Assert.Equal(NearExpiryQueue.MaxAttempts, (int)queues["maxDequeueCount"]!);
            Assert.Equal("none", (string?)queues["messageEncoding"]);
            Assert.Equal(TimeSpan.FromDays(1), TimeSpan.Parse((string)queues["visibilityTimeout"]!) * NearExpiryQueue.MaxAttempts);
        }
    }

    /// <summary>The host's own name for the queue of what failed at its last attempt.</summary>
    [Fact]
    public void What_the_head_puts_aside_and_what_the_host_puts_aside_lie_in_one_queue() =>
        Assert.Equal(NearExpiryQueue.Name + "-poison", NearExpiryQueue.AsideName);

    private static NearExpiryQueue Queue(Lines log) => new(new NearExpiryDesk(new Away(), null!, null!, TimeProvider.System), log);

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));

    private sealed class Away : ICatalogSource
    {
        public RotationCatalog? Current => throw new IOException("The catalog is away.");
    }

    private sealed class Lines : ILogger<NearExpiryQueue>
    {
        public List<(LogLevel Level, int Id)> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add((logLevel, eventId.Id));
    }
}
