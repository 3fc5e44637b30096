using System.Net.Sockets;
using System.Security.Authentication;

namespace Rotunda.Network;

/// <summary>Looks for what an exception was caused by: drivers wrap what the network and TLS said.</summary>
public static class Causes
{
    private const string NoAnswer = " (no answer in time: a firewall, or something else listens there)";

    /// <summary>True if the exception, or one inside it, is a <typeparamref name="T"/>.</summary>
    public static bool Has<T>(Exception exception)
        where T : Exception => Find<T>(exception) is not null;

    /// <summary>Why a server was not reached, to stand behind "cannot be reached": " (…)"; empty where nothing tells.</summary>
    public static string Unreached(Exception exception) => Find<SocketException>(exception)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => " (its name is not found)",
        SocketError.ConnectionRefused => " (connection refused: nothing listens at that port)",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => " (no way there in the network)",
        SocketError.TimedOut => NoAnswer,
        null when Has<TimeoutException>(exception) => NoAnswer,
        _ => "",
    };

    /// <summary>As <see cref="Unreached"/>, or else what kind of failure it was: never empty.</summary>
    public static string Told(Exception exception) => Unreached(exception) is { Length: > 0 } why ? why
        : Has<AuthenticationException>(exception) ? " (TLS could not be made)"
        : Has<EndOfStreamException>(exception) ? " (it closed the connection)"
        : $" ({exception.GetType().Name})";

    private static T? Find<T>(Exception exception)
        where T : Exception => exception as T ?? (exception.InnerException is { } inner ? Find<T>(inner) : null);
}
