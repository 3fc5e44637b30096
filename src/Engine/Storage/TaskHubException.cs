namespace Rotunda.Engine.Storage;

/// <summary>The task hub cannot be opened, or has failed and takes no more calls. The message says what to do.</summary>
public sealed class TaskHubException(string message, Exception? innerException = null) : Exception(message, innerException);
