using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Testing.RealServers;

/// <summary>Takes what is sent by OTLP over HTTP, and reads the spans in it. It answers 200 to everything else, and keeps what came, so
/// that it can be an outside system too.</summary>
public sealed class TraceCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _held;

    private TraceCollector(int port)
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _ = Task.Run(TakeAsync);
    }

    public string Url { get; }

    /// <summary>Requests that were no telemetry: the path with its query, and the headers' names.</summary>
    public ConcurrentQueue<(string Path, string Headers)> Others { get; } = new();

    /// <summary>Everything that was sent as telemetry, as text of one byte a character.</summary>
    public string Everything => string.Concat(_bodies.Select(Encoding.Latin1.GetString));

    /// <summary>Paths to which telemetry came.</summary>
    public ConcurrentDictionary<string, int> Kinds { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SentSpan> Spans
    {
        get
        {
            // ExportTraceServiceRequest: resource_spans = 1, scope_spans = 2, spans = 2.
            var spans = _bodies.SelectMany(body => Fields(body, 1)).SelectMany(resource => Fields(resource, 2))
                .SelectMany(scope => Fields(scope, 2));
            return [.. spans.Where(span => Fields(span, 1).FirstOrDefault()?.Length == 16).Select(Read)];
        }
    }

    public static TraceCollector Start()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        return new TraceCollector(port);
    }

    /// <summary>From now on, no request whose path begins so is answered until <see cref="Release"/>: who asks waits.</summary>
    public void Hold(string path) => _held = path;

    public void Release()
    {
        _held = null;
        _released.TrySetResult();
    }

    public void Dispose()
    {
        Release();
        _listener.Close();
    }

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException or IOException)
            {
                // It is closed, or whoever asked has gone.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext http)
    {
        try
        {
            Take(http);
            if (_held is { } held && http.Request.RawUrl?.StartsWith(held, StringComparison.Ordinal) == true)
            {
                await _released.Task;
            }

            http.Response.StatusCode = 200;
            http.Response.Close();
        }
        catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException or IOException)
        {
            // It is closed, or whoever asked has gone.
        }
    }

    private void Take(HttpListenerContext http)
    {
        using var body = new MemoryStream();
        http.Request.InputStream.CopyTo(body);
        var path = http.Request.RawUrl ?? "";
        if (path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            Kinds.AddOrUpdate(path, 1, (_, count) => count + 1);
            _bodies.Enqueue(body.ToArray());
        }
        else
        {
            Others.Enqueue((path, string.Join(',', http.Request.Headers.AllKeys)));
        }
    }

    private static SentSpan Read(byte[] span) => new(
        Convert.ToHexStringLower(Fields(span, 1).Single()),
        Convert.ToHexStringLower(Fields(span, 2).Single()),
        Convert.ToHexStringLower(Fields(span, 4).SingleOrDefault() ?? []),
        Encoding.UTF8.GetString(Fields(span, 5).Single()),
        Fields(span, 9).ToDictionary(
            tag => Encoding.UTF8.GetString(Fields(tag, 1).Single()),
            tag => Encoding.UTF8.GetString(Fields(Fields(tag, 2).Single(), 1).SingleOrDefault() ?? []),
            StringComparer.Ordinal));

    /// <summary>The fields of that number that have a length, as protocol buffers write them.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Number(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Number(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Number(message, ref at);
                    if ((int)(key >> 3) == number)
                    {
                        yield return message[at..(at + length)];
                    }

                    at += length;
                    break;
            }
        }
    }

    private static ulong Number(byte[] message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        do
        {
            value |= (ulong)(message[at] & 0x7f) << shift;
            shift += 7;
        }
        while ((message[at++] & 0x80) != 0);

        return value;
    }
}

/// <param name="Parent">Empty for the first span of a trace.</param>
/// <param name="Tags">Those that are texts; others are empty.</param>
public sealed record SentSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags);
