namespace Rotunda.Server.Hosting;

/// <summary>Says in the log who can reach the server, and how.</summary>
internal static partial class Exposure
{
    public static void Log(ILogger logger, IEnumerable<string> urls, ServeOptions options, ServerCertificate? certificate)
    {
        foreach (var url in urls)
        {
            var address = new Uri(url);
            if (address.Scheme == Uri.UriSchemeHttps && certificate is not null)
            {
                var names = string.Join(", ", certificate.Names);
                LogTls(logger, url, names, certificate.Until);
            }
            else if (address.IsLoopback)
            {
                LogOwn(logger, url);
            }
            else if (address.Scheme == Uri.UriSchemeHttps)
            {
                LogTlsByFramework(logger, url);
            }
            else if (options.Proxies.Any)
            {
                var proxies = options.Proxies.ToString();
                LogProxies(logger, url, proxies);
            }
            else
            {
                LogClear(logger, url);
            }
        }
    }

    [LoggerMessage(EventId = 7021, Level = LogLevel.Information, Message = "Listening on {Url}: this machine alone reaches it")]
    private static partial void LogOwn(ILogger logger, string url);

    [LoggerMessage(
        EventId = 7022,
        Level = LogLevel.Information,
        Message = "Listening on {Url}: whoever reaches this address does so by TLS, with the certificate of {Names}, good until {Until:u}")]
    private static partial void LogTls(ILogger logger, string url, string names, DateTimeOffset until);

    [LoggerMessage(EventId = 7023, Level = LogLevel.Information, Message = "Listening on {Url}: other machines reach it by TLS")]
    private static partial void LogTlsByFramework(ILogger logger, string url);

    [LoggerMessage(
        EventId = 7024,
        Level = LogLevel.Warning,
        Message = "Listening on {Url} in the clear for the proxies {Proxies}: whoever sees the network between them and this machine sees "
            + "the tokens. Others are refused")]
    private static partial void LogProxies(ILogger logger, string url, string proxies);

    [LoggerMessage(
        EventId = 7025,
        Level = LogLevel.Warning,
        Message = "Listening on {Url} in the clear, as --insecure says: whoever sees the network sees the tokens")]
    private static partial void LogClear(ILogger logger, string url);
}
