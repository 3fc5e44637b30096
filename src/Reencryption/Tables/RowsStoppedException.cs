namespace Rotunda.Reencryption.Tables;

/// <summary>What was found keeps a pass from going on. The message says where, and what to do; it holds nothing that a row holds.</summary>
/// <param name="mayPass">It may be over by itself.</param>
internal sealed class RowsStoppedException(string message, bool mayPass = false) : Exception(message)
{
    public bool MayPass => mayPass;
}
