namespace Rotunda.EnvFiles;

/// <summary>How one program reads an assignment.</summary>
internal abstract class EnvReader
{
    /// <summary>For people: "a shell".</summary>
    public abstract string Name { get; }

    /// <summary>It reads each line alone and as it stands: no quotes, no comments behind a value, no <c>export</c>.</summary>
    public virtual bool IsVerbatim => false;

    /// <summary>It takes a comment behind the value for a comment.</summary>
    public virtual bool KnowsComments => true;

    /// <summary>It takes <c>export</c> in front of the name.</summary>
    public virtual bool KnowsExport => true;

    /// <summary>It takes the carriage return in front of a line feed for a part of the value.</summary>
    public virtual bool KeepsCarriageReturns => false;

    public abstract EnvReading Read(EnvLine line);
}
