using System.Globalization;
using System.Text.Json;
using HvBindgen.Generator.Inspect.Layout;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>Writes declarations for programs: what each target has, with the C# it becomes.</summary>
public static class DeclarationJson
{
    /// <summary>Writes the declarations as the member <c>declarations</c> of an object that is open.</summary>
    /// <param name="json">Receives the list.</param>
    /// <param name="declarations">What was found.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Declaration> declarations)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray("declarations");
        foreach (Declaration declaration in declarations)
        {
            json.WriteStartObject();
            json.WriteString("set", declaration.Set.Name);
            json.WriteString("kind", DeclarationPage.WordOf(declaration.Kind));
            json.WriteString("name", declaration.Name);
            json.WriteString("header", declaration.Any.Location.Header);
            json.WriteStartArray("targets");
            foreach ((AbiModel model, IAbiDeclaration declared) in declaration.Present<IAbiDeclaration>())
            {
                json.WriteStartObject();
                json.WriteString("target", model.Target.Name);
                Write(json, declaration, model, declared);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Declaration declaration, AbiModel model, IAbiDeclaration declared)
    {
        switch (declared)
        {
            case AbiRecord record:
                json.WriteString("type", record.CName);
                json.WriteNumber("size", record.SizeBytes);
                json.WriteNumber("align", record.AlignBytes);
                json.WriteString("csharp", declaration.Set.NameOf(model, record));
                WriteMembers(json, new MemberTree(declaration.Set.TypesOf(model)).Of(record));
                break;
            case AbiEnum @enum:
                json.WriteString("type", @enum.CName);
                json.WriteString("underlying", @enum.Underlying.ToC());
                WriteEnumerators(json, declaration, model, @enum);
                break;
            case AbiConstant constant:
                json.WriteString("type", constant.Type.ToString());
                json.WriteString("value", constant.Value is TextValue text ? text.Value : constant.Value.ToString());
                json.WriteString("csharp", declaration.Set.NameOf(model, constant));
                break;
            case AbiIoctl ioctl:
                json.WriteString("request", $"0x{ioctl.Request:x8}");
                json.WriteString("direction", IoctlText.Word(ioctl.Direction));
                json.WriteNumber("type", ioctl.Type);
                json.WriteNumber("nr", ioctl.Number);
                json.WriteNumber("size", ioctl.SizeBytes);
                IoctlTable.Strings(json, "arguments", IoctlText.ArgumentsOf(declaration.Set, ioctl).Select(type => type.ToString()));
                IoctlTable.Strings(json, "descriptors", ioctl.Descriptors);
                IoctlTable.Strings(json, "csharp", declaration.Set.NamesOf(model, ioctl));
                break;
            case AbiTypedef typedef:
                json.WriteString("type", typedef.Type.ToString());
                json.WriteString("resolved", model.Index.Resolve(typedef.Type).ToString());
                json.WriteNumber("align", typedef.AlignBytes);
                break;
            case AbiMacro macro:
                json.WriteString("parameters", macro.Parameters);
                break;
            default:
                break;
        }
    }

    private static void WriteEnumerators(Utf8JsonWriter json, Declaration declaration, AbiModel model, AbiEnum @enum)
    {
        json.WriteStartArray("values");
        foreach (AbiEnumerator enumerator in @enum.Enumerators)
        {
            json.WriteStartObject();
            json.WriteString("name", enumerator.Name);
            json.WritePropertyName("value");
            json.WriteRawValue(enumerator.Value.ToString(CultureInfo.InvariantCulture));
            json.WriteString("csharp", declaration.Set.NameOf(model, @enum, enumerator));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<MemberNode> members)
    {
        json.WriteStartArray("members");
        foreach (MemberNode member in members)
        {
            json.WriteStartObject();
            json.WriteString(member.IsHole ? "gap" : "name", member.IsHole ? member.Gap : member.Name);
            json.WriteNumber("offsetBits", member.OffsetBits);
            json.WriteNumber("widthBits", member.WidthBits);
            if (member.Type is { } type)
            {
                json.WriteString("type", type.ToString());
                json.WriteBoolean("bitField", member.IsBitField);
            }

            if (member.Access.Length > 0)
            {
                json.WriteString("csharp", member.Access);
                json.WriteString("csharpType", member.CSharpType);
            }

            if (member.Children.Count > 0)
            {
                WriteMembers(json, member.Children);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
