using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rotunda.Testing.VendorFakes;

/// <summary>
/// A strict stand-in for a vendor's HTTP API on a real socket: only what a test registered is answered, each request is
/// checked, and anything else is a failure that <see cref="AssertClean"/> reports. Faults can be put on single requests.
/// </summary>
public sealed class FakeVendor : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<FakeRoute> _routes = [];
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private int _untilFault = -1;
    private FakeFault? _fault;
    private string? _faultMethod;

    private FakeVendor(WebApplication application) => _application = application;

    /// <summary>"http://127.0.0.1:port", or https.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A PEM file with the authority to trust; null without https.</summary>
    public string? AuthorityFile { get; private set; }

    /// <summary>"METHOD /path?query" of every request since the last <see cref="Forget"/>, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Every exchange without a fault; null while they are not recorded.</summary>
    public ConcurrentQueue<FakeExchange>? Exchanges { get; set; }

    /// <summary>Called when a request hangs: lets the client's clock pass its timeout.</summary>
    public Action Hanging { get; set; } = () => { };

    public static async Task<FakeVendor> StartAsync(bool https = false)
    {
        var certificate = https ? FakeCertificate.Shared : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate.Server);
            }
        }));
        var application = builder.Build();
        var vendor = new FakeVendor(application) { AuthorityFile = certificate?.AuthorityFile };
        application.Run(vendor.AnswerAsync);
        await application.StartAsync();
        vendor.Address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return vendor;
    }

    /// <summary>Answers a method and path. A part in braces, as in "/orgs/{org}/keys", takes one segment; "{*rest}" takes all
    /// that follows.</summary>
    public FakeVendor On(string method, string pattern, Func<FakeRequest, FakeReply> answer)
    {
        _routes.Add(new FakeRoute(method, pattern, answer));
        return this;
    }

    /// <summary>Puts a fault on a request: 0 is the next.</summary>
    public void FailAt(int index, FakeFault fault)
    {
        lock (_gate)
        {
            (_untilFault, _fault, _faultMethod) = (index, fault, null);
        }
    }

    /// <summary>Puts a fault on the next request with this method.</summary>
    public void FailNext(string method, FakeFault fault)
    {
        lock (_gate)
        {
            (_untilFault, _fault, _faultMethod) = (0, fault, method);
        }
    }

    /// <summary>Forgets past requests and a fault that did not come up.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_untilFault, _fault, _faultMethod) = (-1, null, null);
        }

        Requests.Clear();
    }

    /// <exception cref="FakeVendorException">A request came that the vendor would not have understood.</exception>
    public void AssertClean()
    {
        if (!_problems.IsEmpty)
        {
            throw new FakeVendorException(string.Join("\n", _problems.Distinct()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private FakeFault? TakeFault(string method)
    {
        lock (_gate)
        {
            if (_fault is null || (_faultMethod is not null && _faultMethod != method) || _untilFault-- > 0)
            {
                return null;
            }

            var fault = _fault;
            _fault = null;
            return fault;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        Requests.Enqueue($"{context.Request.Method} {path}{context.Request.QueryString}");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var fault = TakeFault(context.Request.Method);
        if (fault is { Kind: FakeFaultKind.LoseRequest })
        {
            context.Abort();
            return;
        }

        var reply = fault is { Kind: FakeFaultKind.Refuse } refusal ? Refusal(refusal) : Handle(context, path, body.ToArray());
        if (fault is null)
        {
            Exchanges?.Enqueue(new(
                context.Request.Method,
                path,
                context.Request.QueryString.Value ?? "",
                context.Request.ContentType,
                Encoding.UTF8.GetString(body.ToArray()),
                reply.Status,
                reply.ContentType,
                Encoding.UTF8.GetString(reply.Body)));
        }

        switch (fault?.Kind)
        {
            case FakeFaultKind.LoseReply:
                context.Abort();
                break;
            case FakeFaultKind.Hang:
                Hanging();
                await HangAsync(context);
                break;
            default:
                await WriteAsync(context, reply, truncated: fault?.Kind == FakeFaultKind.Truncate);
                break;
        }
    }

    private FakeReply Handle(HttpContext context, string path, byte[] body)
    {
        try
        {
            lock (_gate)
            {
                foreach (var route in _routes)
                {
                    if (route.Match(context.Request.Method, path) is { } parts)
                    {
                        var request =
                            new FakeRequest(
                                context.Request.Method,
                                path,
                                context.Request.Query,
                                context.Request.QueryString.Value ?? "",
                                context.Request.Headers,
                                body,
                                parts);
                        var reply = route.Answer(request);
                        foreach (var unseen in request.Unseen())
                        {
                            _problems.Enqueue($"{request.Method} {path}: this vendor does not know the {unseen}.");
                        }

                        return reply;
                    }
                }
            }

            throw new FakeVendorException($"{context.Request.Method} {path}: this vendor has no such call.");
        }
        catch (Exception problem)
        {
            _problems.Enqueue(
                problem is FakeVendorException
                    ? problem.Message
                    : $"{context.Request.Method} {path}: the fake's handler failed: {problem}");
            return FakeReply.Empty(501);
        }
    }

    private static FakeReply Refusal(FakeFault fault) => FakeReply.Json(
        fault.Status,
        new JsonObject { ["message"] = $"refused with {fault.Status}", ["error"] = $"refused with {fault.Status}" },
        fault.RetryAfterSeconds is { } seconds ? [("Retry-After", $"{seconds}")] : []);

    private async Task HangAsync(HttpContext context)
    {
        var given = new TaskCompletionSource();
        await using var one = context.RequestAborted.Register(given.SetResult);
        await using var other = _stopping.Token.Register(() => given.TrySetResult());
        await given.Task;
    }

    /// <summary>Cut off even where there is no body: the client was promised one.</summary>
    private static async Task CutOffAsync(HttpContext context, FakeReply reply)
    {
        context.Response.StatusCode = reply.Status == 204 ? 200 : reply.Status;
        context.Response.ContentLength = Math.Max(2, reply.Body.Length);
        await context.Response.StartAsync();
        await context.Response.Body.WriteAsync(reply.Body.AsMemory(0, reply.Body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static async Task WriteAsync(HttpContext context, FakeReply reply, bool truncated)
    {
        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (reply.ContentType is not null)
        {
            context.Response.ContentType = reply.ContentType;
        }

        if (truncated)
        {
            await CutOffAsync(context, reply);
        }
        else if (reply.Status is not (204 or 304))
        {
            context.Response.ContentLength = reply.Body.Length;
            await context.Response.Body.WriteAsync(reply.Body);
        }
    }
}
