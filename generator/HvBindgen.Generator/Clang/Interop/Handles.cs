namespace ClangSharp.Interop;

/// <summary>What a translation unit handle points to.</summary>
public partial struct CXTranslationUnitImpl
{
}

/// <summary>What a target description handle points to.</summary>
public partial struct CXTargetInfoImpl
{
}
