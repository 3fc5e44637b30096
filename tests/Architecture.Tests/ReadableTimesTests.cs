using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Rotunda.Architecture.Tests;

/// <summary>A duration or a time that is put into a sentence is written for people: not as .NET prints it ("0.00:00:05").</summary>
public sealed class ReadableTimesTests
{
    private static readonly string[] Raw = ["TimeSpan", "DateTimeOffset", "DateTime"];

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)
            .Where(project => File.Exists(Repository.AssemblyOf(project)))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_text_shows_a_time_as_the_framework_prints_it(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var reader = file.GetMetadataReader();
        var found = (from handle in reader.TypeDefinitions
                     let type = reader.GetTypeDefinition(handle)
                     from method in type.GetMethods().Select(reader.GetMethodDefinition)
                     where method.RelativeVirtualAddress != 0
                     from token in MethodBodies.Tokens(file.GetMethodBody(method.RelativeVirtualAddress))
                     where IsRaw(reader, token)
                     select Outermost(reader, handle)).Distinct().ToList();

        Assert.True(
            found.Count == 0,
            $"{project}: {string.Join(", ", found)}. Write a duration by DurationText, and a time with a format of its own.");
    }

    private static bool IsRaw(MetadataReader reader, EntityHandle token)
    {
        if (token.Kind != HandleKind.MethodSpecification)
        {
            return false;
        }

        var specification = reader.GetMethodSpecification((MethodSpecificationHandle)token);
        if (specification.Method.Kind != HandleKind.MemberReference)
        {
            return false;
        }

        var member = reader.GetMemberReference((MemberReferenceHandle)specification.Method);
        if (reader.GetString(member.Name) != "AppendFormatted")
        {
            return false;
        }

        var name = NameOf(reader, specification);
        return Raw.Contains(name, StringComparer.Ordinal) && (name == "TimeSpan" || Parameters(reader, member) == 1);
    }

    private static int Parameters(MetadataReader reader, MemberReference member)
    {
        var signature = reader.GetBlobReader(member.Signature);
        _ = signature.ReadSignatureHeader();
        _ = signature.ReadCompressedInteger();
        return signature.ReadCompressedInteger();
    }

    /// <summary>The one type argument; also within Nullable.</summary>
    private static string? NameOf(MetadataReader reader, MethodSpecification specification)
    {
        var signature = reader.GetBlobReader(specification.Signature);
        _ = signature.ReadSignatureHeader();
        _ = signature.ReadCompressedInteger();
        string? name = null;
        while (signature.RemainingBytes > 0)
        {
            if (signature.ReadSignatureTypeCode() is SignatureTypeCode.TypeHandle
                && signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type)
            {
                name = reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name);
            }
            else if (name is not null && signature.RemainingBytes > 0)
            {
                // How many arguments Nullable has.
                _ = signature.ReadCompressedInteger();
            }
        }

        return name;
    }

    private static string Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(reader, outer) : reader.GetString(type.Name);
    }
}
