using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DurableTask.AzureStorage;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// The way of one host to the storage. Cut, nothing of that host reaches the storage any more, and it hears nothing: to the storage,
/// and to every other host, its process has died at that request.
/// </summary>
internal sealed class StorageWire(string connectionString) : HttpPipelinePolicy
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TakenMessages _taken = new(connectionString);
    private int _left = int.MaxValue;
    private int _underWay;
    private bool _losesReply;

    public bool IsCut => _cut.Task.IsCompleted;

    /// <summary>Ends when the wire is cut.</summary>
    public Task WhenCut => _cut.Task;

    /// <summary>Sees each request before it is sent; true to cut the wire at it.</summary>
    public Func<Request, bool> Sees { get; set; } = _ => false;

    public void Cut() => _cut.TrySetResult();

    /// <summary>Cuts at the request with this number from now on.</summary>
    /// <param name="losesReply">That request still takes effect, and its reply is lost.</param>
    public void CutAt(int request, bool losesReply)
    {
        _losesReply = losesReply;
        Volatile.Write(ref _left, request);
    }

    /// <exception cref="WireCutException">The host of this wire is dead.</exception>
    public void ThrowIfCut()
    {
        if (IsCut)
        {
            throw new WireCutException();
        }
    }

    /// <summary>
    /// Lets the time pass for which the messages stay hidden that the dead host had taken: with a backend's own timeouts that is
    /// minutes, which no test waits for.
    /// </summary>
    public async Task ForgetAsync()
    {
        // What was sent before the cut may still take messages.
        while (Volatile.Read(ref _underWay) > 0)
        {
            await Task.Delay(s_look);
        }

        await _taken.ShowAsync();
    }

    public StorageAccountClientProvider Connect() => new(
        StorageServiceClientProvider.ForBlob(connectionString, With(new BlobClientOptions())),
        StorageServiceClientProvider.ForQueue(connectionString, With(new QueueClientOptions())),
        StorageServiceClientProvider.ForTable(connectionString, With(new TableClientOptions())));

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            if (MayGo(message.Request, out var isLast))
            {
                await ProcessNextAsync(message, pipeline);
                Back(message, isLast);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        if (IsCut)
        {
            // A dead process waits for nothing any more, and does nothing else either.
            await Task.Delay(Timeout.InfiniteTimeSpan, message.CancellationToken);
        }
    }

    /// <summary>The backend sends only the parts of large payloads in this way.</summary>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ThrowIfCut();
        ProcessNext(message, pipeline);
        ThrowIfCut();
    }

    private bool MayGo(Request request, out bool isLast)
    {
        isLast = !IsCut && Interlocked.Decrement(ref _left) == 0;
        if (!IsCut && (Sees(request) || (isLast && !_losesReply)))
        {
            Cut();
        }

        return !IsCut;
    }

    private void Back(HttpMessage message, bool isLast)
    {
        _taken.See(message);
        if (isLast)
        {
            Cut();
        }
    }

    private TOptions With<TOptions>(TOptions options)
        where TOptions : ClientOptions
    {
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }
}

/// <summary>The host is dead.</summary>
internal sealed class WireCutException() : Exception("The wire to the storage is cut.");
