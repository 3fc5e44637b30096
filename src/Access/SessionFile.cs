using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rotunda.Files;

namespace Rotunda.Access;

/// <summary>
/// The signed-in browsers of one data directory, in a file that only its owner can read, so that a restart signs nobody out. One server
/// uses it.
/// </summary>
public sealed class SessionFile(string path, SignInTimes options, TimeProvider time)
{
    /// <summary>Of one person; beyond that the one that was used longest ago ends.</summary>
    private const int MostOfOne = 20;

    /// <summary>A use is written down when it is this much later than what is written.</summary>
    private static readonly TimeSpan Written = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private Dictionary<string, SessionRecord>? _sessions;
    private Dictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    public SignInTimes Options => options;

    /// <summary>Begins one. Its text is only ever returned here.</summary>
    public (SessionRecord Session, string Text) Start(
        string subject, TokenRecord? token, IReadOnlyList<string> claims, DateTimeOffset? signedInAt)
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var session = new SessionRecord(
            HashOf(text), subject, token?.Name, token?.Hash, claims, now, signedInAt, now, now + options.Longest);
        lock (_gate)
        {
            var sessions = Sessions();
            foreach (var extra in sessions.Values.Where(s => s.Subject == subject)
                .OrderByDescending(s => s.UsedAt)
                .Skip(MostOfOne - 1)
                .ToList())
            {
                sessions.Remove(extra.Hash);
            }

            sessions[session.Hash] = session;
            Write(sessions);
        }

        return (session, text);
    }

    /// <summary>Null for one that is unknown or has ended.</summary>
    /// <param name="isUse">False for what a page asks by itself: that keeps no session alive.</param>
    public SessionRecord? Find(string text, bool isUse)
    {
        var hash = HashOf(text);
        lock (_gate)
        {
            var sessions = Sessions();
            if (!sessions.TryGetValue(hash, out var session))
            {
                return null;
            }

            var now = time.GetUtcNow();
            if (HasEnded(session, now))
            {
                sessions.Remove(hash);
                Write(sessions);
                return null;
            }

            if (isUse)
            {
                session = sessions[hash] = session with { UsedAt = now };
                if (now - _written.GetValueOrDefault(hash) >= Written)
                {
                    Write(sessions);
                }
            }

            return session;
        }
    }

    /// <summary>Ends it now; one that is unknown has ended already.</summary>
    public void End(SessionRecord session)
    {
        lock (_gate)
        {
            if (Sessions().Remove(session.Hash))
            {
                Write(Sessions());
            }
        }
    }

    /// <summary>Those that go on, the one that was used last first.</summary>
    public IReadOnlyList<SessionRecord> Read()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return [.. Sessions().Values.Where(session => !HasEnded(session, now)).OrderByDescending(session => session.UsedAt)];
        }
    }

    /// <summary>When it ends if nobody asks for anything.</summary>
    public DateTimeOffset IdleEnd(SessionRecord session) =>
        session.UsedAt + options.Idle is var idle && idle < session.EndsAt ? idle : session.EndsAt;

    private bool HasEnded(SessionRecord session, DateTimeOffset now) => now >= IdleEnd(session);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private Dictionary<string, SessionRecord> Sessions() => _sessions ??= Load();

    /// <summary>A file that cannot be read signs everybody out; it holds nothing else.</summary>
    private Dictionary<string, SessionRecord> Load()
    {
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize(File.ReadAllBytes(path), SessionJson.Default.SessionDocument) is
                    { Version: SessionDocument.CurrentVersion, Sessions: { } sessions }
                ? sessions.ToDictionary(session => session.Hash, StringComparer.Ordinal)
                : new(StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return new(StringComparer.Ordinal);
        }
    }

    private void Write(Dictionary<string, SessionRecord> sessions)
    {
        var now = time.GetUtcNow();
        foreach (var ended in sessions.Values.Where(session => HasEnded(session, now)).ToList())
        {
            sessions.Remove(ended.Hash);
        }

        var document = new SessionDocument(SessionDocument.CurrentVersion, [.. sessions.Values]);
        PrivateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(document, SessionJson.Default.SessionDocument));
        _written = sessions.Values.ToDictionary(session => session.Hash, session => session.UsedAt, StringComparer.Ordinal);
    }
}
