using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Emit.RandomHeaders;

/// <summary>
/// One program in C and one in C# that do the same: each member of each record in turn is filled with ones in a record of zeros, and the
/// record's bytes are told. Neither knows an offset.
/// </summary>
internal static class AccessorPrograms
{
    /// <summary>The program in C, one line for each member.</summary>
    internal static string InC(AbiModel model, IEnumerable<string> headers)
    {
        StringBuilder text = new();
        foreach (string header in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        text.Append("""
            int printf(const char *, ...);
            #define FILL(place) __builtin_memset((void *)&(place), 0xff, sizeof(place))
            #define TELL(name, record) do { \
                printf("%s ", name); \
                for (unsigned long i = 0; i < sizeof(record); i++) printf("%02X", ((unsigned char *)&(record))[i]); \
                printf("\n"); } while (0)
            #define WITH(type, name, action) do { \
                type r; __builtin_memset(&r, 0, sizeof(r)); action; TELL(name, r); } while (0)
            int main(void) {

            """);
        foreach (Member member in MembersOf(model))
        {
            string action = member.Field.IsBitField ? $"r.{member.Path} = -1" : $"FILL(r.{member.Path})";
            text.Append(CultureInfo.InvariantCulture, $"WITH({member.Record.CName}, \"{member.Name}\", {action});\n");
        }

        return text.Append("return 0;\n}\n").ToString();
    }

    /// <summary>Body of a method in C# that returns the same lines.</summary>
    internal static string InCSharp(AbiModel model)
    {
        StringBuilder text = new("StringBuilder told = new();\n");
        foreach (Member member in MembersOf(model))
        {
            text.Append(CultureInfo.InvariantCulture, $"{{ {member.Record.Name} r = default; {FillInCSharp(model, member)} ");
            text.Append(CultureInfo.InvariantCulture, $"told.Append(\"{member.Name} \").Append(Bytes(r)).Append('\\n'); }}\n");
        }

        return text.Append("return told.ToString();").ToString();
    }

    /// <summary>Helpers of that method.</summary>
    internal const string Helpers = """
            private static void Fill<T>(ref T field) where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref field)).Fill(0xFF);
        """;

    private static string FillInCSharp(AbiModel model, Member member)
    {
        AbiType type = model.Index.Resolve(member.Field.Type);
        if (!member.Field.IsBitField)
        {
            return type is AbiPointer ? $"*(nint*)&r.{member.Path} = -1;" : $"Fill(ref r.{member.Path});";
        }

        PrimitiveKind kind = ((AbiPrimitive)type).Kind;
        bool isSigned = kind.IsSigned(model.Target) && kind != PrimitiveKind.Char;
        string value = kind == PrimitiveKind.Bool ? "true"
            : isSigned ? "-1"
            : kind == PrimitiveKind.UInt128 ? $"UInt128.MaxValue >> {128 - member.Field.WidthBits}"
            : string.Create(CultureInfo.InvariantCulture, $"{ulong.MaxValue >> (int)(64 - member.Field.WidthBits)}");
        return $"r.{member.Path} = {value};";
    }

    private static IEnumerable<Member> MembersOf(AbiModel model) =>
        model.Records.Where(record => record.SizeBytes > 0).SelectMany(record => MembersOf(record, record, ""));

    private static IEnumerable<Member> MembersOf(AbiRecord record, AbiRecord outer, string path)
    {
        foreach (AbiField field in record.HoistedFields().Where(field => field.WidthBits > 0))
        {
            yield return new Member(outer, field, path + field.Name);
            if (field.Type is AbiInlineRecord inline)
            {
                foreach (Member inner in MembersOf(inline.Definition, outer, $"{path}{field.Name}."))
                {
                    yield return inner;
                }
            }
        }
    }

    private sealed record Member(AbiRecord Record, AbiField Field, string Path)
    {
        internal string Name => $"{Record.Name}.{Path}";
    }
}
