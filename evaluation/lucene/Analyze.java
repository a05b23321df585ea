import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/**
 * What Lucene's own analysers make of a text. A line of input is a language, a tab and a text whose line breaks are
 * spaces; a line of output is the tokens, separated by tabs. HTML is stripped as Lucene does it.
 */
public final class Analyze {
  private static final Map<String, Analyzer> ANALYZERS =
      Map.of(
          "ar", new ArabicAnalyzer(),
          "en", new EnglishAnalyzer(),
          "fr", new FrenchAnalyzer(),
          "tr", new TurkishAnalyzer());

  public static void main(String[] arguments) throws IOException {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      int tab = line.indexOf('\t');
      output.println(tokens(ANALYZERS.get(line.substring(0, tab)), line.substring(tab + 1)));
    }
    output.flush();
  }

  private static String tokens(Analyzer analyzer, String text) throws IOException {
    var told = new StringBuilder();
    Reader stripped = new HTMLStripCharFilter(new StringReader(text));
    try (TokenStream stream = analyzer.tokenStream("text", stripped)) {
      var term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        told.append(told.isEmpty() ? "" : "\t").append(term);
      }
      stream.end();
    }
    return told.toString();
  }
}
