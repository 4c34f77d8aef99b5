using System.Runtime.CompilerServices;

namespace HvBindgen.Testing.Verification;

/// <summary>Compares what a test made with the text that was read and accepted before.</summary>
/// <remarks>
/// Verify's conventions: <c>Class.Method.verified.txt</c> stands beside the test's source file; on a mismatch the new text is
/// written to <c>Class.Method.received.txt</c> beside it and the test fails with the difference.
/// </remarks>
public static class Verifier
{
    /// <summary>Compares a text with the verified one of the calling test.</summary>
    /// <param name="received">What the test made.</param>
    /// <param name="extension">Ending that tells what kind of text it is, without a dot.</param>
    /// <param name="sourceFile">Filled in by the compiler: its name without the ending is the test's class.</param>
    /// <param name="method">Filled in by the compiler.</param>
    /// <exception cref="VerifyException">They differ, or none has been verified yet.</exception>
    public static void Verify(
        string received, string extension = "txt", [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "")
    {
        string source = Repository.Locate(sourceFile);
        string name = $"{Path.GetFileNameWithoutExtension(source)}.{method}";
        new VerifiedFile(Path.GetDirectoryName(source)!, name, extension).Compare(received, VerificationSettings.FromEnvironment());
    }
}
