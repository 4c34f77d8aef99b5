namespace ClangSharp.Interop;

/// <summary>Severity of a diagnostic.</summary>
public enum CXDiagnosticSeverity
{
    /// <summary>Switched off.</summary>
    CXDiagnostic_Ignored = 0,

    /// <summary>Goes with the diagnostic before it.</summary>
    CXDiagnostic_Note = 1,

    /// <summary>Suspicious, yet valid.</summary>
    CXDiagnostic_Warning = 2,

    /// <summary>Ill-formed source; parsing went on.</summary>
    CXDiagnostic_Error = 3,

    /// <summary>Ill-formed source; what follows was not parsed rightly.</summary>
    CXDiagnostic_Fatal = 4,
}
