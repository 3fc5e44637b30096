using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Server.Hosting;

/// <summary>
/// Tells systemd how this process is, by the protocol of sd_notify: a datagram to the socket that NOTIFY_SOCKET names. Does nothing
/// where there is none. See https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
/// </summary>
/// <param name="socket">The path; one that begins with @ is in the kernel's abstract name space.</param>
internal sealed class ServiceManager(string? socket, TimeProvider time)
{
    public static ServiceManager OfProcess(TimeProvider time) => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), time);

    /// <param name="status">One line, which <c>systemctl status</c> shows.</param>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>Followed by <see cref="Ready"/>.</summary>
    public void Reloading()
    {
        var now = time.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}"));
    }

    public void Stopping() => Send("STOPPING=1");

    private void Send(string message)
    {
        if (string.IsNullOrEmpty(socket) || !Socket.OSSupportsUnixDomainSockets)
        {
            return;
        }

        try
        {
            using var datagram = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            datagram.Connect(new UnixDomainSocketEndPoint(socket[0] == '@' ? $"\0{socket[1..]}" : socket));
            datagram.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // Who asked to be told does not listen; the server works all the same.
        }
    }
}
