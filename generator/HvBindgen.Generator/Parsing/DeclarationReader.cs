using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Collects records, enums and typedefs: a set's own, and what those refer to wherever it stands.</summary>
internal sealed class DeclarationReader
{
    private readonly ParseScope scope;
    private readonly TypeReader types;
    private readonly RecordReader records;
    private readonly EnumReader enums;
    private readonly DeclarationsSoFar found = new([], [], []);
    private readonly HashSet<string> done = new(StringComparer.Ordinal);
    private readonly HashSet<SourcePosition> anonymousDone = [];

    // Of typedefs that are the only names of records, where it is not the record's own.
    private readonly Dictionary<string, long> alignments = new(StringComparer.Ordinal);

    internal DeclarationReader(ParseScope scope)
    {
        this.scope = scope;
        types = new TypeReader(scope);
        records = new RecordReader(scope, types);
        enums = new EnumReader(scope, types);
    }

    internal TypeReader Types => types;

    /// <summary>Reads a declaration of one of the set's own headers.</summary>
    internal void ReadOwn(ClangCursor cursor, SourceLocation location)
    {
        switch (cursor.Kind)
        {
            case CXCursorKind.CXCursor_StructDecl or CXCursorKind.CXCursor_UnionDecl when cursor.IsDefinition && !scope.IsHidden(cursor):
                ReadRecord(cursor, location, isOwn: true);
                break;
            case CXCursorKind.CXCursor_EnumDecl when cursor.IsDefinition && !scope.IsHidden(cursor):
                ReadEnum(cursor, location);
                break;
            case CXCursorKind.CXCursor_TypedefDecl:
                ReadTypedef(cursor, location);
                break;
        }
    }

    /// <summary>Reads what the declarations read so far refer to, until nothing new is named, and gives them all.</summary>
    internal DeclarationsSoFar ReadReferenced()
    {
        while (scope.Waiting.TryDequeue(out ClangCursor declaration))
        {
            ClangCursor definition = declaration.Kind == CXCursorKind.CXCursor_TypedefDecl ? declaration : declaration.Definition;
            if (definition.IsNull)
            {
                continue;
            }

            (SourceLocation location, bool isOwn) = scope.Locate(definition);
            switch (definition.Kind)
            {
                case CXCursorKind.CXCursor_StructDecl or CXCursorKind.CXCursor_UnionDecl:
                    ReadRecord(definition, location, isOwn);
                    break;
                case CXCursorKind.CXCursor_EnumDecl:
                    ReadEnum(definition, location);
                    break;
                case CXCursorKind.CXCursor_TypedefDecl:
                    ReadTypedef(definition, location.Header == ProbeSession.FileName ? MacroProbe.SizeTypeLocation : location);
                    break;
            }
        }

        for (int index = 0; index < found.Records.Count && alignments.Count > 0; index++)
        {
            AbiRecord record = found.Records[index];
            if (!record.HasTag && alignments.TryGetValue(record.Name, out long alignment))
            {
                found.Records[index] = record with { AlignBytes = alignment };
            }
        }

        return found;
    }

    private void ReadRecord(ClangCursor cursor, SourceLocation location, bool isOwn)
    {
        TagName name = TagName.Of(cursor);
        bool isNew = name.IsUnnamed || done.Add(name.CName);
        if (isNew && !name.IsUnnamed && !IsBlocked(name))
        {
            found.Records.Add(records.Read(cursor, name, location));
        }

        if (isOwn && isNew)
        {
            foreach (ClangCursor nested in RecordReader.NestedTags(cursor))
            {
                ReadOwn(nested, scope.Locate(nested).Location);
            }
        }
    }

    private void ReadEnum(ClangCursor cursor, SourceLocation location)
    {
        TagName name = TagName.Of(cursor);
        bool isNew = name.IsUnnamed ? anonymousDone.Add(new SourcePosition(location)) : done.Add(name.CName);
        if (isNew && !IsBlocked(name))
        {
            AbiEnum @enum = enums.Read(cursor, name, location);
            if (@enum.Enumerators.Count > 0)
            {
                found.Enums.Add(@enum);
            }
        }
    }

    private void ReadTypedef(ClangCursor cursor, SourceLocation location)
    {
        string name = cursor.Spelling;
        NoteAlignment(cursor.Type, name);
        if (!done.Add(name) || scope.IsBlocked(name))
        {
            return;
        }

        AbiType type = types.Read(cursor.TypedefUnderlyingType, cursor);

        // "typedef struct { ... } name": the name is the record's own, not an alias of it.
        if (type is AbiTypedefRef self && self.Name == name)
        {
            done.Remove(name);
            return;
        }

        found.Typedefs.Add(new AbiTypedef(name, type, AlignmentOf(cursor.Type), location));
    }

    // typedef struct { ... } name __attribute__((aligned(16))): all that is declared with the name has that alignment.
    private void NoteAlignment(ClangType type, string name)
    {
        ClangType record = type.Canonical;
        if (record.Kind == CXTypeKind.CXType_Record && type.AlignBytes > 0 && type.AlignBytes != record.AlignBytes
            && TagName.Of(record.Declaration) is { HasTag: false } only && only.Name == name)
        {
            alignments[name] = type.AlignBytes;
        }
    }

    // clang gives a function type an alignment that C has no word for.
    private static long AlignmentOf(ClangType type) =>
        type.Canonical.Kind is CXTypeKind.CXType_FunctionProto or CXTypeKind.CXType_FunctionNoProto or CXTypeKind.CXType_Void
            ? 0
            : Math.Max(type.AlignBytes, 0);

    private bool IsBlocked(TagName name) => scope.IsBlocked(name.Name);

    // Unlike SourceLocation this one does compare lines: two anonymous enums of one header are two.
    private readonly record struct SourcePosition(string Header, int Line, int Column)
    {
        internal SourcePosition(SourceLocation location)
            : this(location.Header, location.Line, location.Column)
        {
        }
    }
}

/// <summary>What has been read, in the order it was met; more may be referred to.</summary>
internal sealed record DeclarationsSoFar(List<AbiRecord> Records, List<AbiEnum> Enums, List<AbiTypedef> Typedefs);
