namespace ClangSharp.Interop;

/// <summary>
/// Kind of a cursor: those that C headers can have. The translation unit is not here, as its number changed at libclang 15.
/// </summary>
public enum CXCursorKind
{
    /// <summary>A declaration that libclang has no kind for.</summary>
    CXCursor_UnexposedDecl = 1,

    /// <summary>Struct.</summary>
    CXCursor_StructDecl = 2,

    /// <summary>Union.</summary>
    CXCursor_UnionDecl = 3,

    /// <summary>C++ class.</summary>
    CXCursor_ClassDecl = 4,

    /// <summary>Enum.</summary>
    CXCursor_EnumDecl = 5,

    /// <summary>Member of a struct or union.</summary>
    CXCursor_FieldDecl = 6,

    /// <summary>Enumerator.</summary>
    CXCursor_EnumConstantDecl = 7,

    /// <summary>Function.</summary>
    CXCursor_FunctionDecl = 8,

    /// <summary>Variable.</summary>
    CXCursor_VarDecl = 9,

    /// <summary>Parameter.</summary>
    CXCursor_ParmDecl = 10,

    /// <summary>Typedef.</summary>
    CXCursor_TypedefDecl = 20,

    /// <summary>Reference to a type.</summary>
    CXCursor_TypeRef = 43,

    /// <summary>Reference to a member.</summary>
    CXCursor_MemberRef = 47,

    /// <summary>Reference to a variable.</summary>
    CXCursor_VariableRef = 50,

    /// <summary>No such file.</summary>
    CXCursor_InvalidFile = 70,

    /// <summary>The type has no declaration.</summary>
    CXCursor_NoDeclFound = 71,

    /// <summary>libclang cannot answer.</summary>
    CXCursor_NotImplemented = 72,

    /// <summary>The code is ill-formed.</summary>
    CXCursor_InvalidCode = 73,

    /// <summary>An expression that libclang has no kind for.</summary>
    CXCursor_UnexposedExpr = 100,

    /// <summary>Use of a declaration.</summary>
    CXCursor_DeclRefExpr = 101,

    /// <summary>Use of a member.</summary>
    CXCursor_MemberRefExpr = 102,

    /// <summary>Call.</summary>
    CXCursor_CallExpr = 103,

    /// <summary>Integer.</summary>
    CXCursor_IntegerLiteral = 106,

    /// <summary>Floating number.</summary>
    CXCursor_FloatingLiteral = 107,

    /// <summary>String.</summary>
    CXCursor_StringLiteral = 109,

    /// <summary>Character.</summary>
    CXCursor_CharacterLiteral = 110,

    /// <summary>Parenthesised expression.</summary>
    CXCursor_ParenExpr = 111,

    /// <summary>Unary operator.</summary>
    CXCursor_UnaryOperator = 112,

    /// <summary>Array element.</summary>
    CXCursor_ArraySubscriptExpr = 113,

    /// <summary>Binary operator.</summary>
    CXCursor_BinaryOperator = 114,

    /// <summary>Conditional operator.</summary>
    CXCursor_ConditionalOperator = 116,

    /// <summary>Cast.</summary>
    CXCursor_CStyleCastExpr = 117,

    /// <summary>Compound literal.</summary>
    CXCursor_CompoundLiteralExpr = 118,

    /// <summary>Brace list.</summary>
    CXCursor_InitListExpr = 119,

    /// <summary>GNU statement expression.</summary>
    CXCursor_StmtExpr = 121,

    /// <summary>sizeof, alignof and their like.</summary>
    CXCursor_UnaryExpr = 136,

    /// <summary>An attribute that libclang has no kind for.</summary>
    CXCursor_UnexposedAttr = 400,

    /// <summary>Annotation.</summary>
    CXCursor_AnnotateAttr = 406,

    /// <summary>Assembler name.</summary>
    CXCursor_AsmLabelAttr = 407,

    /// <summary>Packed.</summary>
    CXCursor_PackedAttr = 408,

    /// <summary>Alignment; libclang does not tell its value.</summary>
    CXCursor_AlignedAttr = 441,

    /// <summary>A directive without a kind of its own.</summary>
    CXCursor_PreprocessingDirective = 500,

    /// <summary>Macro definition.</summary>
    CXCursor_MacroDefinition = 501,

    /// <summary>Use of a macro.</summary>
    CXCursor_MacroExpansion = 502,

    /// <summary>Inclusion of a file.</summary>
    CXCursor_InclusionDirective = 503,

    /// <summary>Static assertion.</summary>
    CXCursor_StaticAssert = 602,
}
