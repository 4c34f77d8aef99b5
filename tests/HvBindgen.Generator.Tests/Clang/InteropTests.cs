using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using Xunit;

namespace HvBindgen.Generator.Tests.Clang;

/// <summary>
/// The binding against the libclang that the locator finds. One process has one libclang: run again with
/// HVBINDGEN_LIBCLANG for another version.
/// </summary>
public sealed unsafe class InteropTests
{
    private const string Source = """
        #define ANSWER (1UL << 40)
        #define TWICE(x) ((x) * 2)
        struct outer {
            unsigned char tag;
            struct { unsigned int low : 3, high : 29; };
            unsigned long long rows[2][3];
            int (*call)(const char *name, ...);
        } __attribute__((packed));
        enum color { RED, BLUE = 0x80000000 };
        typedef struct outer outer_t;
        __auto_type answer = ANSWER;
        double half = 0.5;
        __auto_type text = "hi";
        """;

    [Fact]
    public void Structs_have_the_sizes_of_the_C_API()
    {
        Assert.Equal(16, sizeof(CXString));
        Assert.Equal(32, sizeof(CXCursor));
        Assert.Equal(24, sizeof(CXType));
        Assert.Equal(24, sizeof(CXSourceLocation));
        Assert.Equal(24, sizeof(CXUnsavedFile));
    }

    [Fact]
    public void The_located_library_is_the_one_that_answers()
    {
        LoadedLibClang loaded = Load();

        Assert.Equal(loaded.VersionText, Text(clang.getClangVersion()));
        Assert.InRange(loaded.Major, LoadedLibClang.OldestSupportedMajor, int.MaxValue);
        Assert.Same(loaded, LibClangLocator.Load());
        Assert.Throws<InvalidOperationException>(() => LibClangLocator.Load("/nonexistent/libclang.so"));
    }

    [Fact]
    public void Every_entry_point_of_the_binding_is_in_the_library()
    {
        RequireOwnBinding();
        Load();
        string[] missing = [.. EntryPoints().Where(name => !NativeLibrary.TryGetExport(Handle(), name, out _))];

        Assert.Empty(missing);
    }

    [Fact]
    public void The_binding_has_the_signatures_of_ClangSharp()
    {
        RequireOwnBinding();

        // Read against ClangSharp.Interop's sources, entry point by entry point; a change here has to be read against them again.
        Type[] types = [.. typeof(CXCursor).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(CXCursor).Namespace)];

        Verifier.Verify(BindingSurface.Describe(types));
    }

    [Fact]
    public void A_small_header_is_walked_with_its_layout()
    {
        Load();
        using Unit unit = new(Source);

        Assert.Equal(0u, clang.getNumDiagnostics(unit.Handle));
        Assert.Equal(
            ["MacroDefinition ANSWER", "MacroDefinition TWICE", "StructDecl outer", "EnumDecl color", "TypedefDecl outer_t"],
            unit.Children().Where(cursor => !Is(cursor, CXCursorKind.CXCursor_MacroExpansion) && !Is(cursor, CXCursorKind.CXCursor_VarDecl))
                .Select(Describe));

        CXType outer = clang.getCursorType(unit.Find("outer"));
        Assert.Equal((1 + 4 + 48 + 8, 1), (clang.Type_getSizeOf(outer), clang.Type_getAlignOf(outer)));
        Assert.Equal(["tag@0", "@8", "rows@40", "call@424"], Fields(outer).Select(Offset));

        CXType anonymous = clang.getCursorType(Fields(outer)[1]);
        Assert.Equal([3, 29], Fields(anonymous).Select(clang.getFieldDeclBitWidth));

        CXType rows = clang.getCursorType(Fields(outer)[2]);
        Assert.Equal((2, 3), (clang.getArraySize(rows), clang.getArraySize(clang.getArrayElementType(rows))));

        CXType call = clang.getCanonicalType(clang.getPointeeType(clang.getCursorType(Fields(outer)[3])));
        Assert.Equal((CXTypeKind.CXType_FunctionProto, 1, 1u), (call.kind, clang.getNumArgTypes(call), clang.isFunctionTypeVariadic(call)));
        Assert.Equal(CXTypeKind.CXType_Char_S, clang.getPointeeType(clang.getArgType(call, 0)).kind);

        Assert.Equal(CXTypeKind.CXType_UInt, clang.getEnumDeclIntegerType(unit.Find("color")).kind);
        Assert.Equal([0ul, 0x80000000], Children(unit.Find("color")).Select(clang.getEnumConstantDeclUnsignedValue));
        Assert.Equal(
            CXTypeKind.CXType_Record,
            clang.getCanonicalType(clang.getTypedefDeclUnderlyingType(unit.Find("outer_t"))).kind);
    }

    [Fact]
    public void Macros_are_told_apart_and_evaluated_with_their_C_type()
    {
        Load();
        using Unit unit = new(Source);

        Assert.Equal(0u, clang.Cursor_isMacroFunctionLike(unit.Find("ANSWER")));
        Assert.NotEqual(0u, clang.Cursor_isMacroFunctionLike(unit.Find("TWICE")));
        Assert.Equal(CXTypeKind.CXType_ULong, clang.getCanonicalType(clang.getCursorType(unit.Find("answer"))).kind);

        void* answer = clang.Cursor_Evaluate(unit.Find("answer"));
        Assert.Equal(CXEvalResultKind.CXEval_Int, clang.EvalResult_getKind(answer));
        Assert.NotEqual(0u, clang.EvalResult_isUnsignedInt(answer));
        Assert.Equal(1ul << 40, clang.EvalResult_getAsUnsigned(answer));
        clang.EvalResult_dispose(answer);

        void* half = clang.Cursor_Evaluate(unit.Find("half"));
        Assert.Equal((CXEvalResultKind.CXEval_Float, 0.5), (clang.EvalResult_getKind(half), clang.EvalResult_getAsDouble(half)));
        clang.EvalResult_dispose(half);

        void* text = clang.Cursor_Evaluate(unit.Find("text"));
        Assert.Equal("hi", Marshal.PtrToStringUTF8((nint)clang.EvalResult_getAsStr(text)));
        clang.EvalResult_dispose(text);
    }

    [Fact]
    public void The_target_and_the_place_of_a_fault_are_told()
    {
        Load();
        using Unit unit = new("int good;\nstruct missing bad;\n", "--target=armv7-linux-gnueabihf");

        CXTargetInfoImpl* target = clang.getTranslationUnitTargetInfo(unit.Handle);
        Assert.Equal(32, clang.TargetInfo_getPointerWidth(target));
        clang.TargetInfo_dispose(target);

        void* file;
        uint line, column, offset;
        void* fault = clang.getDiagnostic(unit.Handle, 0);
        clang.getExpansionLocation(clang.getDiagnosticLocation(fault), &file, &line, &column, &offset);

        Assert.Equal(CXDiagnosticSeverity.CXDiagnostic_Error, clang.getDiagnosticSeverity(fault));
        Assert.Contains("struct missing", Text(clang.getDiagnosticSpelling(fault)), StringComparison.Ordinal);
        Assert.Equal(("probe.h", 2u, 16u), (Text(clang.getFileName(file)), line, column));
        clang.disposeDiagnostic(fault);
    }

    private static LoadedLibClang Load()
    {
        try
        {
            return LibClangLocator.Load();
        }
        catch (LibClangNotFoundException missing) when (Environment.GetEnvironmentVariable(LibClangLocator.EnvironmentVariable) is null)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    // ClangSharp's binding has all entry points of its version of libclang, the machine's may lack some; what is used is found at its use.
    private static void RequireOwnBinding() => Assert.SkipUnless(
        typeof(clang).Assembly == typeof(LibClangLocator).Assembly,
        "this is about Clang/Interop, and UseClangSharp=true takes another binding");

    private static nint Handle() => NativeLibrary.Load(Load().Library);

    private static IEnumerable<string> EntryPoints() =>
        from method in typeof(clang).GetMethods()
        where method.IsStatic && !method.IsSpecialName && method.DeclaringType == typeof(clang)
        select "clang_" + method.Name;

    private static string Describe(CXCursor cursor) =>
        $"{cursor.kind.ToString()["CXCursor_".Length..]} {Text(clang.getCursorSpelling(cursor))}";

    private static bool Is(CXCursor cursor, CXCursorKind kind) => cursor.kind == kind;

    // An unnamed member has no name up to libclang 15, and one in parentheses after.
    private static string Offset(CXCursor field)
    {
        string name = Text(clang.getCursorSpelling(field));
        return $"{(name.Contains('(') ? "" : name)}@{clang.Cursor_getOffsetOfField(field)}";
    }

    private static string Text(CXString text)
    {
        string result = Marshal.PtrToStringUTF8((nint)clang.getCString(text)) ?? "";
        clang.disposeString(text);
        return result;
    }

    private static List<CXCursor> Children(CXCursor parent)
    {
        List<CXCursor> found = [];
        GCHandle<List<CXCursor>> list = new(found);
        _ = clang.visitChildren(parent, &Add, (void*)GCHandle<List<CXCursor>>.ToIntPtr(list));
        list.Dispose();
        return found;
    }

    private static List<CXCursor> Fields(CXType record)
    {
        List<CXCursor> found = [];
        GCHandle<List<CXCursor>> list = new(found);
        _ = clang.Type_visitFields(record, &AddField, (void*)GCHandle<List<CXCursor>>.ToIntPtr(list));
        list.Dispose();
        return found;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CXChildVisitResult Add(CXCursor cursor, CXCursor parent, void* list)
    {
        GCHandle<List<CXCursor>>.FromIntPtr((nint)list).Target.Add(cursor);
        return CXChildVisitResult.CXChildVisit_Continue;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CXVisitorResult AddField(CXCursor cursor, void* list)
    {
        GCHandle<List<CXCursor>>.FromIntPtr((nint)list).Target.Add(cursor);
        return CXVisitorResult.CXVisit_Continue;
    }

    /// <summary>One C file in memory, parsed.</summary>
    private sealed class Unit : IDisposable
    {
        private readonly void* index = clang.createIndex(0, 0);

        public Unit(string source, string option = "--target=x86_64-linux-gnu")
        {
            byte[] text = Encoding.UTF8.GetBytes(source);
            byte[] argument = Encoding.UTF8.GetBytes(option + "\0");

            // All pointers are read during the call only.
            fixed (byte* name = "probe.h\0"u8, contents = text, first = argument, second = "-xc\0"u8)
            {
                CXUnsavedFile file = new() { Filename = (sbyte*)name, Contents = (sbyte*)contents, Length = (nuint)text.Length };
                sbyte** arguments = stackalloc sbyte*[] { (sbyte*)first, (sbyte*)second };
                CXTranslationUnitImpl* unit;
                const uint Flags = (uint)CXTranslationUnit_Flags.CXTranslationUnit_DetailedPreprocessingRecord;
                CXErrorCode error = clang.parseTranslationUnit2(index, (sbyte*)name, arguments, 2, &file, 1, Flags, &unit);

                Assert.Equal(CXErrorCode.CXError_Success, error);
                Handle = unit;
            }
        }

        public CXTranslationUnitImpl* Handle { get; }

        /// <summary>Top-level cursors that stand in the file itself.</summary>
        public List<CXCursor> Children() => InteropTests.Children(clang.getTranslationUnitCursor(Handle)).FindAll(IsInFile);

        public CXCursor Find(string name) => Children().First(cursor => Text(clang.getCursorSpelling(cursor)) == name);

        public void Dispose()
        {
            clang.disposeTranslationUnit(Handle);
            clang.disposeIndex(index);
        }

        private static bool IsInFile(CXCursor cursor)
        {
            void* file;
            uint line, column, offset;
            clang.getExpansionLocation(clang.getCursorLocation(cursor), &file, &line, &column, &offset);
            return file is not null;
        }
    }
}
