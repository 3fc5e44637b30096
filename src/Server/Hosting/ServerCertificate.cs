using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotunda.Files;

namespace Rotunda.Server.Hosting;

/// <summary>Where the server's certificate is: PEM files, as Let's Encrypt's clients and Kubernetes write them.</summary>
/// <param name="Chain">The certificate, and behind it those between it and its authority.</param>
/// <param name="Key">Its key, not encrypted.</param>
internal sealed record CertificateFiles(string Chain, string Key);

/// <summary>
/// The server's own certificate. The files are looked at whenever somebody connects, and read again when they have changed; what
/// cannot be used leaves the last good one in place.
/// </summary>
internal sealed partial class ServerCertificate
{
    private readonly Lock _gate = new();
    private readonly CertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string _seen;
    private SslStreamCertificateContext _current;

    private ServerCertificate(CertificateFiles files, TimeProvider time, ILogger logger)
    {
        (_files, _time, _logger) = (files, time, logger);
        _seen = Stamp();
        _current = Read();
    }

    /// <summary>The names that it is good for.</summary>
    public IReadOnlyList<string> Names => NamesOf(_current.TargetCertificate);

    /// <summary>Until when it is good.</summary>
    public DateTimeOffset Until => new(_current.TargetCertificate.NotAfter);

    /// <exception cref="StartupException">It cannot be used.</exception>
    public static ServerCertificate Load(CertificateFiles files, TimeProvider time, ILogger logger)
    {
        try
        {
            return new ServerCertificate(files, time, logger);
        }
        catch (Exception problem) when (IsExpected(problem))
        {
            throw new StartupException(
                $"The certificate {files.Chain} cannot be used: {problem.Message.TrimEnd('.')}. Give a chain and its key, both in PEM, "
                    + "with --certificate and --certificate-key.",
                problem);
        }
    }

    /// <summary>What to answer a connection with.</summary>
    /// <param name="again">Whether the files are read even if they seem the same.</param>
    public SslStreamCertificateContext Look(bool again = false)
    {
        lock (_gate)
        {
            try
            {
                if (Stamp() is var stamp && (again || stamp != _seen))
                {
                    _seen = stamp;
                    _current = Read();
                    var names = string.Join(", ", Names);
                    LogTaken(_files.Chain, names, Until);
                }
            }
            catch (Exception problem) when (IsExpected(problem))
            {
                LogNotTaken(_files.Chain, problem.Message, Until);
            }

            return _current;
        }
    }

    private SslStreamCertificateContext Read()
    {
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(RealPath.Of(_files.Key)) & Others) != UnixFileMode.None)
        {
            throw new InvalidDataException($"Others may read or change its key. Run: chmod 600 {_files.Key}");
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_files.Chain);
        var own = X509Certificate2.CreateFromPemFile(_files.Chain, _files.Key);
        if (own.NotAfter.ToUniversalTime() <= _time.GetUtcNow().UtcDateTime)
        {
            throw new InvalidDataException($"It ended on {own.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC. Renew it.");
        }

        // The first one in the file is the server's own.
        return SslStreamCertificateContext.Create(own, [.. chain.Skip(1)], offline: true);
    }

    /// <summary>Changes when a file does, or when a link leads to another one.</summary>
    private string Stamp() => string.Join('|', new[] { _files.Chain, _files.Key }.Select(RealPath.Of)
        .Select(path => new FileInfo(path))
        .Select(file => $"{file.FullName} {file.LastWriteTimeUtc.Ticks} {(file.Exists ? file.Length : -1)}"));

    private static List<string> NamesOf(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];

    private static bool IsExpected(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException
            or ArgumentException;

    [LoggerMessage(EventId = 7011, Level = LogLevel.Information, Message = "New certificate from {File}: {Names}, good until {Until:u}")]
    private partial void LogTaken(string file, string names, DateTimeOffset until);

    [LoggerMessage(
        EventId = 7012,
        Level = LogLevel.Error,
        Message = "The new certificate in {File} cannot be used: {Problem} The last good one stays in use; it ends on {Until:u}")]
    private partial void LogNotTaken(string file, string problem, DateTimeOffset until);
}
