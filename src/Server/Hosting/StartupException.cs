namespace Rotunda.Server.Hosting;

/// <summary>The server cannot start. The message is all that is printed: what, where, and what to do.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
