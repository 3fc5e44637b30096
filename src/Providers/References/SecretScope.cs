using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.References;

/// <summary>The values one activity has touched, in every form they may turn up in. Takes them out of texts that leave the
/// activity, and clears its copies of them when disposed.</summary>
public sealed class SecretScope : IDisposable
{
    private const string Mask = "***";
    private const int ShortestToken = 8;
    private static readonly AsyncLocal<SecretScope?> Ambient = new();
    private readonly Lock _gate = new();
    private readonly List<SecretForms> _values = [];
    private readonly List<char[]> _forms = [];
    private bool _disposed;

    /// <summary>That of the activity that runs here; null outside of one. For credentials that Rotunda gets for itself.</summary>
    public static SecretScope? Current => Ambient.Value;

    /// <summary>Outside calls begun so far: while it is 0, nothing can have happened.</summary>
    public int OutsideCalls { get; private set; }

    public void CountOutsideCall() => OutsideCalls++;

    /// <summary>Makes it the current one for what is called from here on.</summary>
    public SecretScope Enter()
    {
        Ambient.Value = this;
        return this;
    }

    /// <exception cref="ObjectDisposedException">The activity has ended: what of it goes on gets no more values. This one is
    /// cleared.</exception>
    public SecretValue Register(SecretValue value)
    {
        try
        {
            Register(value.RevealBytes());
            return value;
        }
        catch (ObjectDisposedException)
        {
            value.Dispose();
            throw;
        }
    }

    /// <summary>A credential that Rotunda was given for itself (a session's token): errors may echo it. One too short is no
    /// secret.</summary>
    /// <exception cref="ObjectDisposedException">The activity has ended: what of it goes on shows itself to nobody any more.</exception>
    public void RegisterToken(string? token)
    {
        if (token is not { Length: >= ShortestToken })
        {
            return;
        }

        using var value = SecretValue.FromText(token);
        Register(value.RevealBytes());
    }

    public string Redact(string text)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // The longest first: one form may hold another.
            foreach (var form in _forms)
            {
                text = Without(text, form);
            }
        }

        return text;
    }

    public StepOutcome Redact(StepOutcome outcome) => outcome with
    {
        Reason = outcome.Reason is null ? null : Redact(outcome.Reason),
        Facts = outcome.Facts?.ToDictionary(fact => fact.Key, fact => Redact(fact.Value), StringComparer.Ordinal),
    };

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _forms.Clear();
            _values.ForEach(value => value.Dispose());
            _values.Clear();
        }
    }

    private void Register(ReadOnlySpan<byte> value)
    {
        lock (_gate)
        {
            // An attempt that was given up goes on for as long as its code likes. Nothing would take these values out of what it says,
            // and nothing would clear them: it does not get them.
            ObjectDisposedException.ThrowIf(_disposed, this);
            var forms = new SecretForms(value);
            _values.Add(forms);
            _forms.AddRange(forms.All.Where(form => !_forms.Exists(known => known.AsSpan().SequenceEqual(form))));
            _forms.Sort((one, other) => other.Length.CompareTo(one.Length));
        }
    }

    private static string Without(string text, ReadOnlySpan<char> form)
    {
        var at = text.AsSpan().IndexOf(form, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return text;
        }

        var (kept, from) = (new StringBuilder(text.Length), 0);
        while (at >= 0)
        {
            kept.Append(text, from, at).Append(Mask);
            from += at + form.Length;
            at = text.AsSpan(from).IndexOf(form, StringComparison.OrdinalIgnoreCase);
        }

        return kept.Append(text, from, text.Length - from).ToString();
    }
}
