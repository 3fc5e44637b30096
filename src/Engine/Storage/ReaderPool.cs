using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Rotunda.Files;

namespace Rotunda.Engine.Storage;

/// <summary>Reading connections, as many as are used at once. Each read sees the newest commit.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private readonly ConcurrentBag<HubReader> _idle = [];
    private volatile bool _disposed;

    /// <exception cref="TaskHubException">The hub is closed, or cannot be read.</exception>
    public T Read<T>(Func<HubReader, T> read)
    {
        if (_disposed)
        {
            throw new TaskHubException("The engine has stopped. Start the server again.");
        }

        try
        {
            var reader = _idle.TryTake(out var idle) ? idle : OpenReader();
            try
            {
                return read(reader);
            }
            finally
            {
                Return(reader);
            }
        }
        catch (SqliteException exception)
        {
            throw new TaskHubException($"The task hub '{path}' cannot be read: {exception.Message} Check its disk.", exception);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private void Return(HubReader reader)
    {
        _idle.Add(reader);
        if (_disposed)
        {
            // The pool was disposed during the read: nobody else will close this one.
            Dispose();
        }
    }

    private HubReader OpenReader()
    {
        var connection = SqliteFile.Open(path);
        try
        {
            connection.Run("PRAGMA query_only=ON;");
            return new HubReader(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
