using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests;

/// <summary>Which namespace of Rotunda uses which, as the compiled code and the sources' using lines have it.</summary>
internal static partial class Namespaces
{
    /// <summary>The uses that the project of src makes of other namespaces, each with a type that makes it.</summary>
    public static IReadOnlyList<Use> Of(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var compiled = new CompiledUses(file).All();
        return [.. compiled.Concat(Written(project))
            .Where(use => use.From != use.To && use.To.StartsWith("Rotunda.", StringComparison.Ordinal))];
    }

    /// <summary>A way along the uses that comes back to where it began; empty if there is none.</summary>
    public static IReadOnlyList<string> Circle(IReadOnlyList<Use> uses)
    {
        var next = uses.ToLookup(use => use.From, use => use.To, StringComparer.Ordinal);
        var clean = new HashSet<string>(StringComparer.Ordinal);
        var way = new List<string>();
        return next.Select(group => group.Key).Any(start => Closes(start, next, clean, way)) ? way : [];
    }

    private static bool Closes(string at, ILookup<string, string> next, HashSet<string> clean, List<string> way)
    {
        if (way.IndexOf(at) is >= 0 and var seen)
        {
            way.RemoveRange(0, seen);
            way.Add(at);
            return true;
        }

        if (clean.Contains(at))
        {
            return false;
        }

        way.Add(at);
        if (next[at].Distinct().Any(to => Closes(to, next, clean, way)))
        {
            return true;
        }

        way.RemoveAt(way.Count - 1);
        return !clean.Add(at);
    }

    private static IEnumerable<Use> Written(string project)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            if (Declared().Match(text) is { Success: true } declared)
            {
                foreach (Match use in Used().Matches(text))
                {
                    yield return new Use(declared.Groups["name"].Value, use.Groups["name"].Value, Path.GetFileName(path));
                }
            }
        }
    }

    [GeneratedRegex(@"^namespace (?<name>Rotunda[\w.]*);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Declared();

    [GeneratedRegex(@"^using (static )?(?<name>Rotunda[\w.]*);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Used();

    /// <param name="By">The type, or the file, that makes the use.</param>
    internal sealed record Use(string From, string To, string By);

    /// <summary>Reads the tokens in signatures and bodies of a compiled assembly.</summary>
    private sealed class CompiledUses(PEReader file)
    {
        private readonly MetadataReader _reader = file.GetMetadataReader();

        public IEnumerable<Use> All()
        {
            foreach (var handle in _reader.TypeDefinitions)
            {
                var type = _reader.GetTypeDefinition(handle);
                var from = NamespaceOf(handle);
                if (!from.StartsWith("Rotunda.", StringComparison.Ordinal))
                {
                    continue;
                }

                foreach (var to in Uses(type).Where(to => to.Length > 0).Distinct())
                {
                    yield return new Use(from, to, _reader.GetString(type.Name));
                }
            }
        }

        private List<string> Uses(TypeDefinition type)
        {
            var signatures = new SignatureUses(this);
            var found = new List<string>(Of(type.BaseType));
            found.AddRange(
                type.GetInterfaceImplementations().SelectMany(handle => Of(_reader.GetInterfaceImplementation(handle).Interface)));
            found.AddRange(type.GetFields().SelectMany(handle => _reader.GetFieldDefinition(handle).DecodeSignature(signatures, null)));
            foreach (var handle in type.GetMethods())
            {
                var method = _reader.GetMethodDefinition(handle);
                var signature = method.DecodeSignature(signatures, null);
                found.AddRange(signature.ReturnType.Concat(signature.ParameterTypes.SelectMany(parameter => parameter)));
                if (method.RelativeVirtualAddress != 0)
                {
                    found.AddRange(MethodBodies.Tokens(file.GetMethodBody(method.RelativeVirtualAddress)).SelectMany(Of));
                }
            }

            return found;
        }

        public IEnumerable<string> Of(EntityHandle handle)
        {
            if (handle.IsNil)
            {
                return [];
            }

            var signatures = new SignatureUses(this);
            return handle.Kind switch
            {
                HandleKind.TypeDefinition => [NamespaceOf((TypeDefinitionHandle)handle)],
                HandleKind.TypeReference => [NamespaceOf((TypeReferenceHandle)handle)],
                HandleKind.TypeSpecification =>
                    _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(signatures, null),
                HandleKind.FieldDefinition => Of(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()),
                HandleKind.MethodDefinition => Of(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
                HandleKind.MemberReference => Of(_reader.GetMemberReference((MemberReferenceHandle)handle).Parent),
                HandleKind.MethodSpecification => OfGeneric(_reader.GetMethodSpecification((MethodSpecificationHandle)handle), signatures),
                _ => [],
            };
        }

        private IEnumerable<string> OfGeneric(MethodSpecification method, SignatureUses signatures) =>
            Of(method.Method).Concat(method.DecodeSignature(signatures, null).SelectMany(argument => argument));

        public string NamespaceOf(TypeDefinitionHandle handle)
        {
            var type = _reader.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer ? NamespaceOf(outer) : _reader.GetString(type.Namespace);
        }

        public string NamespaceOf(TypeReferenceHandle handle)
        {
            var type = _reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? NamespaceOf((TypeReferenceHandle)type.ResolutionScope)
                : _reader.GetString(type.Namespace);
        }
    }

    /// <summary>Names the namespaces of all types in a signature.</summary>
    private sealed class SignatureUses(CompiledUses uses) : ISignatureTypeProvider<IEnumerable<string>, object?>
    {
        public IEnumerable<string> GetArrayType(IEnumerable<string> elementType, ArrayShape shape) => elementType;

        public IEnumerable<string> GetByReferenceType(IEnumerable<string> elementType) => elementType;

        public IEnumerable<string> GetFunctionPointerType(MethodSignature<IEnumerable<string>> signature) => signature.ReturnType;

        public IEnumerable<string> GetGenericInstantiation(
            IEnumerable<string> genericType,
            System.Collections.Immutable.ImmutableArray<IEnumerable<string>> typeArguments) =>
            genericType.Concat(typeArguments.SelectMany(argument => argument));

        public IEnumerable<string> GetGenericMethodParameter(object? genericContext, int index) => [];

        public IEnumerable<string> GetGenericTypeParameter(object? genericContext, int index) => [];

        public IEnumerable<string> GetModifiedType(IEnumerable<string> modifier, IEnumerable<string> unmodifiedType, bool isRequired) =>
            unmodifiedType;

        public IEnumerable<string> GetPinnedType(IEnumerable<string> elementType) => elementType;

        public IEnumerable<string> GetPointerType(IEnumerable<string> elementType) => elementType;

        public IEnumerable<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        public IEnumerable<string> GetSZArrayType(IEnumerable<string> elementType) => elementType;

        public IEnumerable<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            [uses.NamespaceOf(handle)];

        public IEnumerable<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            [uses.NamespaceOf(handle)];

        public IEnumerable<string> GetTypeFromSpecification(
            MetadataReader reader,
            object? genericContext,
            TypeSpecificationHandle handle,
            byte rawTypeKind) => uses.Of(handle);
    }
}
