using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Reads structs and unions. Every size, alignment and offset is clang's answer; none is computed here.</summary>
internal sealed class RecordReader
{
    // libclang walks through all members of members, over and over, before it tells an offset: 27 records of two members that are the
    // record before are a minute, 40 a year.
    private const long MaxMembers = 1_000_000;

    private readonly Dictionary<(nint, nint), long> memberCounts = [];
    private readonly ParseScope scope;
    private readonly TypeReader types;

    // Where the reader stands: the record in C's spelling, followed by the members that define the records around it.
    private string owner = "";

    internal RecordReader(ParseScope scope, TypeReader types)
    {
        this.scope = scope;
        this.types = types;
        types.ReadInlineRecord = declaration => Read(declaration, new TagName("", true, ""), SourceLocation.InPlace);
    }

    internal AbiRecord Read(ClangCursor declaration, TagName name, SourceLocation location)
    {
        string outer = owner;
        owner = name.Name.Length > 0 ? name.CName : owner;
        if (name.Name.Length > 0)
        {
            scope.Derivations.ReadMaker(name.CName, name.Name, location);
        }

        ClangType type = declaration.Type;
        List<ClangCursor> cursors = type.Fields();
        List<AbiField> fields = new(cursors.Count);
        foreach (ClangCursor dropped in scope.DroppedAmong(NestedTags(declaration)))
        {
            scope.Fault(
                dropped,
                $"\"{TagName.Of(dropped).CName}\" is no member of \"{owner}\": C drops it. "
                + "Where it is meant as one, \"flags\" of the set need -fms-extensions");
        }

        if (scope.IsOpaque(name.Name))
        {
            cursors = [];
        }

        if (CountMembers(type, cursors) > MaxMembers)
        {
            scope.Fault(declaration, $"\"{name.CName}\" has more than {MaxMembers} members, those of its members included");
            cursors = [];
        }

        foreach (ClangCursor cursor in cursors)
        {
            if (ReadField(cursor) is { } field)
            {
                fields.Add(field);
            }
        }

        owner = outer;
        if (type.SizeBytes < 0 || type.AlignBytes < 0)
        {
            scope.Fault(declaration, $"clang gives no layout for \"{name.CName}\"");
        }

        return new AbiRecord(
            name.Name,
            TagName.KindOf(declaration),
            name.HasTag,
            type.SizeBytes,
            type.AlignBytes,
            EquatableArray.From(fields),
            location);
    }

    // Members of members included; a record in an array counts once.
    private long CountMembers(ClangType record, List<ClangCursor>? fields = null)
    {
        (nint, nint) key = record.Canonical.Identity;
        if (!memberCounts.TryGetValue(key, out long count))
        {
            foreach (ClangCursor field in fields ?? record.Fields())
            {
                ClangType type = field.Type.Canonical;
                count += 1 + (type.Kind == CXTypeKind.CXType_Record ? CountMembers(type) : 0);
                count = Math.Min(count, MaxMembers + 1);
            }

            memberCounts.Add(key, count);
        }

        return count;
    }

    private AbiField? ReadField(ClangCursor cursor)
    {
        // From libclang 16 on an unnamed member is spelled by its type; a name never holds a parenthesis.
        string name = cursor.Spelling;
        if (name.Contains('(', StringComparison.Ordinal))
        {
            name = "";
        }

        ClangType type = cursor.Type;
        RequireAlignment(cursor, type.Canonical);
        AbiType abiType = ReadType(WithoutLengthOf(type), cursor, name);
        SourceLocation place = scope.Locate(cursor).Location;
        if (name.Length > 0)
        {
            scope.Derivations.ReadMaker($"{owner}.{name}", name, place);
            if (abiType is AbiArray)
            {
                scope.Derivations.ReadBounds(owner, name, place);
            }
        }

        bool isBitField = cursor.IsBitField;
        if (isBitField && type.SizeBytes > 0 && type.AlignBytes > type.SizeBytes)
        {
            string which = name.Length > 0 ? $"bit-field \"{name}\"" : "an unnamed bit-field";
            scope.Fault(
                cursor,
                $"the type of {which} is aligned to {type.AlignBytes} bytes, more than it has: gcc begins the bit-field there and "
                + "clang does not");
        }

        if (name.Length == 0 && !isBitField && type.Canonical.Kind == CXTypeKind.CXType_Record && abiType is not AbiInlineRecord)
        {
            // -fms-extensions: struct outer { struct inner; }; has the members of inner.
            abiType = new AbiInlineRecord(types.ReadInlineRecord!(type.Canonical.Declaration.Definition));
        }

        if (isBitField && type.Canonical is { SizeBytes: > 0 } wide && TypeReader.PrimitiveOf(wide.Kind) is null
            && wide.Kind != CXTypeKind.CXType_Enum)
        {
            abiType = new AbiPrimitive(TypeReader.IntegerLike(wide));
        }

        if (name.Length == 0 && (isBitField || abiType is not AbiInlineRecord))
        {
            // An unnamed bit-field only keeps its distance, which the offset of the next one shows.
            return null;
        }

        long offset = cursor.OffsetOfField;
        if (offset < 0)
        {
            scope.Fault(cursor, $"clang gives no offset for \"{name}\"");
        }

        long width = isBitField ? cursor.BitWidth : Math.Max(type.SizeBytes, 0) * 8;
        return new AbiField(name, abiType, offset, width, isBitField) { Place = new SourcePlace(place) };
    }

    // An array that only ends the record is told as one by its declarator: typedef int rest[]; struct { int n; rest numbers; };
    // One of no elements may be padding that a machine does without, as asound.h has between its members.
    private static ClangType WithoutLengthOf(ClangType type)
    {
        ClangType canonical = type.Canonical;
        while (canonical.Kind == CXTypeKind.CXType_IncompleteArray && type.Kind != canonical.Kind)
        {
            ClangCursor declaration = type.Declaration;
            type = declaration.Kind == CXCursorKind.CXCursor_TypedefDecl ? declaration.TypedefUnderlyingType : canonical;
        }

        return type;
    }

    // libclang 14 aligns 128-bit numbers of s390x to 16 bytes; the machine's ABI, and gcc, to 8.
    private void RequireAlignment(ClangCursor cursor, ClangType type)
    {
        while (type.Kind is CXTypeKind.CXType_ConstantArray or CXTypeKind.CXType_IncompleteArray)
        {
            type = type.Element.Canonical;
        }

        if (type.Kind is CXTypeKind.CXType_Int128 or CXTypeKind.CXType_UInt128 && type.AlignBytes != scope.Target.Int128AlignBytes)
        {
            scope.Fault(
                cursor,
                scope.Target.Int128AlignBytes == 0
                    ? $"{scope.Target.Name} has no numbers of 128 bits: gcc refuses this one, and clang aligns it by no ABI"
                    : $"this libclang aligns __int128 to {type.AlignBytes} bytes and the ABI of {scope.Target.Name} to "
                        + $"{scope.Target.Int128AlignBytes}: the record would be laid out wrong; a newer libclang knows better");
        }
    }

    private AbiType ReadType(ClangType type, ClangCursor cursor, string name)
    {
        string outer = owner;
        owner = name.Length > 0 ? $"{owner}.{name}" : owner;
        AbiType read = types.ReadMember(type, cursor);
        owner = outer;
        return read;
    }

    /// <summary>Records tagged inside another one: C puts their names into the same scope as all others.</summary>
    internal static IEnumerable<ClangCursor> NestedTags(ClangCursor declaration)
    {
        foreach (ClangCursor child in declaration.Children())
        {
            if (child.Kind is CXCursorKind.CXCursor_StructDecl or CXCursorKind.CXCursor_UnionDecl or CXCursorKind.CXCursor_EnumDecl)
            {
                yield return child;
            }
        }
    }
}
