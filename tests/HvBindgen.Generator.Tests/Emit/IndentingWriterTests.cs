using System.Text;
using HvBindgen.Generator.Emit;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class IndentingWriterTests
{
    [Fact]
    public void A_line_is_indented_by_the_braces_around_it() => Assert.Equal(
        """
        class A
        {

            /// <summary>One
            /// two.</summary>
            class B
            {
                int c;
            }
        }

        """,
        Written("class A\n{\n\n/// <summary>One\n/// two.</summary>\nclass B\n{\nint c;\n}\n}\n"));

    [Fact]
    public void Braces_in_comments_and_literals_are_text() => Assert.Equal(
        """
        class A
        {
            // {{{
            string b = "{";
            char c = '{';
        }

        """,
        Written("class A\n{\n// {{{\nstring b = \"{\";\nchar c = '{';\n}\n"));

    [Fact]
    public void A_constraint_on_its_own_line_is_one_deeper_than_its_declaration() => Assert.Equal(
        """
        class A
        {
            void B<T>()
                where T : unmanaged
            {
            }
        }

        """,
        Written("class A\n{\nvoid B<T>()\nwhere T : unmanaged\n{\n}\n}\n"));

    [Fact]
    public void Elements_of_a_list_and_alternatives_of_a_pattern_are_one_deeper_than_what_they_belong_to() => Assert.Equal(
        """
        class A
        {
            [B(1)]
            int[] c =>
            [
                d[0],
            ];
            bool e => f is 1
                or 2;
        }

        """,
        Written("class A\n{\n[B(1)]\nint[] c =>\n[\nd[0],\n];\nbool e => f is 1\nor 2;\n}\n"));

    // As those of Tokens, whose white space is no trivia.
    [Fact]
    public void A_bracket_or_word_counts_with_the_white_space_that_is_part_of_its_token()
    {
        using IndentingWriter writer = new(16);
        string[] tokens =
        [
            "class ", "A\n", "{\n", "int", "[", "] ", "b", ";\n", "B ", "c", " = ", "new", " { ", "D", " ", "}", ";\n", "void ", "E\n",
            "where ", "F\n", "{\n", "}\n", "}\n",
        ];
        foreach (string token in tokens)
        {
            writer.Write(token);
        }

        Assert.Equal(
            """
            class A
            {
                int[] b;
                B c = new { D };
                void E
                    where F
                {
                }
            }

            """,
            Encoding.UTF8.GetString(writer.Written.Span));
    }

    [Fact]
    public void No_depth_is_too_deep()
    {
        string text = string.Concat(Enumerable.Repeat("class A\n{\n", 40)) + "int b;\n" + string.Concat(Enumerable.Repeat("}\n", 40));

        Assert.Contains($"\n{new string(' ', 160)}int b;\n{new string(' ', 156)}}}\n", Written(text), StringComparison.Ordinal);
    }

    private static string Written(string source)
    {
        CompilationUnitSyntax unit = SyntaxFactory.ParseCompilationUnit(source);
        using IndentingWriter writer = new(16);
        unit.WriteTo(writer);
        return Encoding.UTF8.GetString(writer.Written.Span);
    }
}
