using HvBindgen.Generator.Inspect.Layout;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Inspect;

/// <summary>Writes declarations for programs: what each target has, with the C# it becomes.</summary>
public static class DeclarationJson
{
    /// <summary>Writes declarations.</summary>
    /// <param name="declarations">What was found.</param>
    /// <returns>JSON ending in a line feed: an object whose member <c>declarations</c> lists them.</returns>
    public static string Write(IReadOnlyList<Declaration> declarations) => JsonText.Write(
        new DeclarationsDocument([.. declarations.Select(DocumentOf)]), InspectJsonContext.Text.DeclarationsDocument);

    private static DeclarationDocument DocumentOf(Declaration declaration) => new(
        declaration.Set.Name,
        DeclarationPage.WordOf(declaration.Kind),
        declaration.Name,
        declaration.Any.Location.Header,
        [.. declaration.Present<IAbiDeclaration>().Select(side => SideOf(declaration.Set, side.Model, side.Declared))]);

    private static SideDocument SideOf(InspectedSet set, AbiModel model, IAbiDeclaration declared) => declared switch
    {
        AbiRecord record => new RecordSide(
            model.Target.Name, record.CName, record.SizeBytes, record.AlignBytes, set.NameOf(model, record),
            MembersOf(new MemberTree(set.TypesOf(model)).Of(record))),
        AbiEnum @enum => new EnumSide(
            model.Target.Name, @enum.CName, @enum.Underlying.ToC(),
            [.. @enum.Enumerators.Select(one => new EnumeratorDocument(one.Name, one.Value, set.NameOf(model, @enum, one)))]),
        AbiConstant constant => new ConstantSide(
            model.Target.Name, constant.Type.ToString(), constant.Value is TextValue text ? text.Value : constant.Value.ToString(),
            set.NameOf(model, constant)),
        AbiIoctl ioctl => new IoctlSide(
            model.Target.Name, $"0x{ioctl.Request:x8}", IoctlText.Word(ioctl.Direction), ioctl.Type, ioctl.Number, ioctl.SizeBytes,
            [.. IoctlText.ArgumentsOf(set, ioctl).Select(type => type.ToString())], [.. ioctl.Descriptors], [.. set.NamesOf(model, ioctl)]),
        AbiTypedef typedef => new TypedefSide(
            model.Target.Name, typedef.Type.ToString(), model.Index.Resolve(typedef.Type).ToString(), typedef.AlignBytes),
        AbiMacro macro => new MacroSide(model.Target.Name, macro.Parameters),
        _ => throw new ArgumentOutOfRangeException(nameof(declared), declared.GetType().Name, "not a declaration of the model"),
    };

    private static MemberDocument[] MembersOf(IReadOnlyList<MemberNode> members) => [.. members.Select(member => new MemberDocument(
        member.IsHole ? member.Gap : null,
        member.IsHole ? null : member.Name,
        member.OffsetBits,
        member.WidthBits,
        member.Type?.ToString(),
        member.IsHole ? null : member.IsBitField,
        member.Access.Length > 0 ? member.Access : null,
        member.Access.Length > 0 ? member.CSharpType : null,
        member.Children.Count > 0 ? MembersOf(member.Children) : null))];
}
