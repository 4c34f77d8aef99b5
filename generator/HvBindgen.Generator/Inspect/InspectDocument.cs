using System.Text.Json;
using System.Text.Json.Serialization;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Inspect;

// What show, ioctls and decode print with --json: names and order of the members are the format.
internal sealed record DeclarationsDocument(IReadOnlyList<DeclarationDocument> Declarations);

internal sealed record DeclarationDocument(string Set, string Kind, string Name, string Header, IReadOnlyList<SideDocument> Targets);

/// <summary>A declaration on one target; each kind has facts of its own.</summary>
[JsonDerivedType(typeof(RecordSide))]
[JsonDerivedType(typeof(EnumSide))]
[JsonDerivedType(typeof(ConstantSide))]
[JsonDerivedType(typeof(IoctlSide))]
[JsonDerivedType(typeof(TypedefSide))]
[JsonDerivedType(typeof(MacroSide))]
internal abstract record SideDocument([property: JsonPropertyOrder(-1)] string Target);

internal sealed record RecordSide(string Target, string Type, long Size, long Align, string Csharp, IReadOnlyList<MemberDocument> Members)
    : SideDocument(Target);

internal sealed record EnumSide(
    string Target, string Type, string Underlying, IReadOnlyList<EnumeratorDocument> Values) : SideDocument(Target);

internal sealed record ConstantSide(string Target, string Type, string Value, string Csharp) : SideDocument(Target);

internal sealed record IoctlSide(
    string Target,
    string Request,
    string Direction,
    int Type,
    int Nr,
    int Size,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Descriptors,
    IReadOnlyList<string> Csharp) : SideDocument(Target);

internal sealed record TypedefSide(string Target, string Type, string Resolved, long Align) : SideDocument(Target);

internal sealed record MacroSide(string Target, string Parameters) : SideDocument(Target);

internal sealed record EnumeratorDocument(string Name, Int128 Value, string Csharp);

/// <summary>A member, or a gap that has no name.</summary>
internal sealed record MemberDocument(
    string? Gap,
    string? Name,
    long OffsetBits,
    long WidthBits,
    string? Type,
    bool? BitField,
    string? Csharp,
    string? CsharpType,
    IReadOnlyList<MemberDocument>? Members);

internal sealed record RequestsDocument(IReadOnlyList<RequestDocument> Ioctls);

internal sealed record RequestDocument(
    string Descriptor,
    string Set,
    string Name,
    string Request,
    string Direction,
    int Type,
    int Nr,
    int Size,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Targets,
    string Header,
    string? Differs);

internal sealed record NumberDocument(
    string Request,
    string Direction,
    int Type,
    int Nr,
    int Size,
    IReadOnlyList<RequestDocument> Requests,
    IReadOnlyList<RequestDocument> Near);

internal sealed record MessageDocument(
    string Set, string Target, bool Known, IReadOnlyList<MessageRecordDocument> Records, IReadOnlyList<string> Notes, string Rest);

internal sealed record MessageRecordDocument(string Record, IReadOnlyList<ValueDocument> Members);

internal sealed record ValueDocument(
    string Path,
    long OffsetBits,
    long WidthBits,
    string? Value,
    IReadOnlyList<string>? Meaning,
    bool? Missing,
    IReadOnlyList<ValueDocument>? Members);

[JsonSerializable(typeof(DeclarationsDocument))]
[JsonSerializable(typeof(RequestsDocument))]
[JsonSerializable(typeof(NumberDocument))]
[JsonSerializable(typeof(MessageDocument))]
internal sealed partial class InspectJsonContext : JsonSerializerContext
{
    internal static InspectJsonContext Text { get; } = new(JsonText.Options(JsonNamingPolicy.CamelCase));
}
